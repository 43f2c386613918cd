package sluice.normalise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * What {@link PiecewiseLinear} learned. Below its least edge the first bin goes on as a line to
 * numbers below 0, and beyond the greatest the last one to numbers above 1, as in the paper
 * (equation 1). A column that was constant on the train rows has one bin, which is 0 for every
 * value.
 *
 * @param edges rising, finite; one of a constant column
 */
record Bins(List<Double> edges) implements FittedStep {
  private static final long serialVersionUID = 1L;

  Bins {
    edges = List.copyOf(edges);
    if (edges.isEmpty()) {
      throw InvalidInput.data("bins: edges must be at least one, got none");
    }
    for (int i = 0; i < edges.size(); i++) {
      double width = i == 0 ? edges.get(0) : edges.get(i) - edges.get(i - 1);
      if (!Double.isFinite(width) || (i > 0 && !(width > 0))) {
        throw InvalidInput.data("bins: edges must be finite and rise, got " + edges);
      }
    }
  }

  private int count() {
    return Math.max(1, edges.size() - 1);
  }

  @Override
  public Kind gives() {
    return Kind.VECTOR;
  }

  @Override
  public double @Nullable [] value(@Nullable Object input) {
    if (input == null) {
      return null;
    }
    double number = (Double) input;
    double[] values = new double[count()];
    int last = edges.size() - 2;
    for (int bin = 0; bin <= last; bin++) {
      double low = edges.get(bin);
      double high = edges.get(bin + 1);
      if (bin < last && number >= high) {
        values[bin] = 1;
      } else if (bin == 0 || number > low) {
        values[bin] = (number - low) / (high - low);
      }
      if (!Double.isFinite(values[bin])) {
        return null;
      }
    }
    return values;
  }

  @Override
  public String refusal(Object input) {
    return "too far beyond the bins from %s to %s"
        .formatted(edges.get(0), edges.get(edges.size() - 1));
  }

  @Override
  public List<Integer> shape(List<Integer> input) {
    return List.of(count());
  }

  /**
   * Each but the last bin by its upper edge, the last by its lower one; a single bin by neither.
   */
  @Override
  public List<String> names(List<String> inputs) {
    List<String> names = new ArrayList<>();
    for (String input : inputs) {
      for (int bin = 0; bin < count() - 1; bin++) {
        names.add(input + "<=" + edges.get(bin + 1));
      }
      names.add(count() == 1 ? input : input + ">" + edges.get(count() - 1));
    }
    return names;
  }
}
