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

  /** Which quantiles, given how many numbers there are. */
  interface Probabilities extends Serializable {
    double[] of(long count);
  }

  private final Probabilities probabilities;
  private final Finish finish;
  private final OrderSelection selection = new OrderSelection();
  private boolean selecting;

  QuantileFit(Finish finish, double... probabilities) {
    this(finish, count -> probabilities);
  }

  QuantileFit(Finish finish, Probabilities probabilities) {
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
    double[] asked = probabilities.of(selection.count());
    long[] ranks = new long[2 * asked.length];
    for (int i = 0; i < asked.length; i++) {
      long below = (long) (last * asked[i]);
      ranks[2 * i] = below;
      ranks[2 * i + 1] = Math.min(below + 1, last);
    }
    return selection.select(ranks);
  }

  @Override
  public FittedStep finish(String where) {
    double[] asked = probabilities.of(selection.count());
    double[] quantiles = new double[asked.length];
    for (int i = 0; i < quantiles.length; i++) {
      double place = (selection.count() - 1) * asked[i];
      quantiles[i] =
          Quantiles.between(
              OrderSelection.unordered(selection.selected(2 * i)),
              OrderSelection.unordered(selection.selected(2 * i + 1)),
              place - Math.floor(place));
    }
    return finish.of(quantiles, where);
  }
}
