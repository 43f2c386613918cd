package sluice.normalise;

import java.io.Serializable;
import sluice.statistics.OrderSelection;
import sluice.statistics.Quantiles;

/** Exact {@link Quantiles} of numbers, without sorting them. Zero has one sign. */
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
          Quantiles.between(
              OrderSelection.unordered(selection.selected(2 * i)),
              OrderSelection.unordered(selection.selected(2 * i + 1)),
              place - Math.floor(place));
    }
    return finish.of(quantiles, where);
  }
}
