package sluice.normalise;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A number step for each position of a vector. The vector is missing if one of its numbers is.
 *
 * @param steps one fitted step a position
 */
record PerPositionStep(List<FittedStep> steps) implements FittedStep {
  private static final long serialVersionUID = 1L;

  PerPositionStep {
    steps = List.copyOf(steps);
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
    double[] values = ((double[]) input).clone();
    for (int i = 0; i < values.length; i++) {
      Object value = steps.get(i).value(values[i]);
      if (value == null) {
        return null;
      }
      values[i] = (Double) value;
    }
    return values;
  }

  @Override
  public String refusal(Object input) {
    double[] values = (double[]) input;
    for (int i = 0; i < values.length; i++) {
      if (steps.get(i).value(values[i]) == null) {
        return steps.get(i).refusal(values[i]);
      }
    }
    throw new IllegalStateException("refused " + Arrays.toString(values));
  }

  /** The fits of the positions, side by side. */
  static final class Fits implements Fit {
    private static final long serialVersionUID = 1L;

    private final Fit[] fits;

    /** Fits of a step for a vector of this length. */
    Fits(Step step, int length) {
      fits = new Fit[length];
      Arrays.setAll(fits, i -> step.fit(Kind.NUMBER));
    }

    @Override
    public void add(Object value) {
      double[] values = (double[]) value;
      for (int i = 0; i < fits.length; i++) {
        fits[i].add(values[i]);
      }
    }

    @Override
    public void merge(Fit other) {
      for (int i = 0; i < fits.length; i++) {
        fits[i].merge(((Fits) other).fits[i]);
      }
    }

    @Override
    public boolean endScan() {
      boolean more = false;
      for (Fit fit : fits) {
        more |= fit.endScan();
      }
      return more;
    }

    @Override
    public boolean scans() {
      return Arrays.stream(fits).anyMatch(Fit::scans);
    }

    @Override
    public FittedStep finish(String where) {
      return new PerPositionStep(
          Arrays.stream(fits).map(fit -> Objects.requireNonNull(fit.finish(where))).toList());
    }
  }
}
