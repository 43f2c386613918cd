package sluice.normalise;

import java.io.Serializable;
import sluice.statistics.OrderSelection;

/**
 * Exact quantiles of numbers: linear interpolation between order statistics, type 7 of R. J.
 * Hyndman and Y. Fan, "Sample quantiles in statistical packages" (1996): the quantile p of n values
 * lies at (n - 1) p of the sorted values, counted from zero. Zero has one sign.
 */
final class QuantileFit implements Fit {
  private static final long serialVersionUID = 1L;

  /** What the quantiles, in the order they were asked for, amount to. */
  interface Finish extends Serializable {
    FittedStep of(double[] quantiles, String where);
  }

  private final double[] probabilities;
  private final Finish finish;
  private final OrderSelection selection = new OrderSelection();
  private boolean selecting;

  QuantileFit(Finish finish, double... probabilities) {
    this.finish = finish;
    this.probabilities = probabilities;
  }

  @Override
  public void add(Object value) {
    selection.add(OrderSelection.ordered((Double) value));
  }

  @Override
  public void merge(Fit other) {
    selection.merge(((QuantileFit) other).selection);
  }

  @Override
  public boolean endScan() {
    if (selecting) {
      return selection.endScan();
    }
    selecting = true;
    long last = selection.count() - 1;
    long[] ranks = new long[2 * probabilities.length];
    for (int i = 0; i < probabilities.length; i++) {
      long below = (long) (last * probabilities[i]);
      ranks[2 * i] = below;
      ranks[2 * i + 1] = Math.min(below + 1, last);
    }
    return selection.select(ranks);
  }

  @Override
  public FittedStep finish(String where) {
    double[] quantiles = new double[probabilities.length];
    for (int i = 0; i < quantiles.length; i++) {
      double place = (selection.count() - 1) * probabilities[i];
      quantiles[i] =
          between(
              OrderSelection.unordered(selection.selected(2 * i)),
              OrderSelection.unordered(selection.selected(2 * i + 1)),
              place - Math.floor(place));
    }
    return finish.of(quantiles, where);
  }

  private static double between(double low, double high, double share) {
    double distance = high - low;
    // The distance of two huge values of opposite sign is infinite.
    return Double.isFinite(distance) ? low + share * distance : low * (1 - share) + high * share;
  }
}
