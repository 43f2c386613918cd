package sluice.normalise;

import sluice.data.InvalidInput;

/**
 * The least value of the train rows becomes 0 and the greatest 1; other rows may lie outside. A
 * constant column becomes 0; see {@link Scale}.
 */
public record MinMax() implements NumberStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Fit fit(Kind input) {
    return new Range();
  }

  private static final class Range implements Fit {
    private static final long serialVersionUID = 1L;

    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    @Override
    public void add(Object value) {
      // Adding 0 gives zero one sign, whichever came first.
      min = Math.min(min, (Double) value + 0.0);
      max = Math.max(max, (Double) value + 0.0);
    }

    @Override
    public void merge(Fit other) {
      min = Math.min(min, ((Range) other).min);
      max = Math.max(max, ((Range) other).max);
    }

    @Override
    public boolean endScan() {
      return false;
    }

    @Override
    public FittedStep finish(String where) {
      if (max - min == Double.POSITIVE_INFINITY) {
        throw InvalidInput.data(
            "%s: the values run from %s to %s, further apart than a double holds; clip them first"
                .formatted(where, min, max));
      }
      return min == max ? Scale.constant(min) : Scale.of(min, max - min);
    }
  }
}
