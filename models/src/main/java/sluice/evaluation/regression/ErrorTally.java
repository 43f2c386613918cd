package sluice.evaluation.regression;

import java.util.Map;
import java.util.Optional;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Tally;
import sluice.statistics.ExactSum;
import sluice.statistics.Moments;

/** The metrics of predicted numbers, but for the median error, which has no sum. */
public final class ErrorTally implements Tally {
  private static final long serialVersionUID = 1L;

  private final ExactSum absolute = new ExactSum();
  private final ExactSum squared = new ExactSum();
  private final Moments truths = new Moments();

  /** Whether every error was, and its square. */
  private boolean finite = true;

  /**
   * Adds a row.
   *
   * @param truth finite
   * @param predicted in the same units; one that is not finite makes every figure NaN
   */
  public void add(double truth, double predicted) {
    double error = Math.abs(predicted - truth);
    truths.add(truth);
    if (Double.isFinite(error * error)) {
      absolute.add(error);
      squared.add(error * error);
    } else {
      finite = false;
    }
  }

  @Override
  public void merge(Tally other) {
    if (!(other instanceof ErrorTally that)) {
      throw new IllegalArgumentException("a tally of numbers cannot take in one of classes");
    }
    absolute.merge(that.absolute);
    squared.merge(that.squared);
    truths.merge(that.truths);
    finite &= that.finite;
  }

  @Override
  public double value(String metric) {
    return finite && truths.count() > 0 ? NumberMetrics.named(metric).value(sums()) : Double.NaN;
  }

  @Override
  public Optional<String> note(String metric) {
    if (truths.count() == 0) {
      return Optional.of(Metric.NO_ROWS);
    }
    return finite
        ? NumberMetrics.named(metric).note(sums())
        : Optional.of("undefined: an error is not finite");
  }

  private ErrorSums sums() {
    long rows = truths.count();
    double deviation = truths.std();
    return new ErrorSums(
        rows,
        absolute.value(),
        squared.value(),
        rows * deviation * deviation,
        Double.NaN,
        Map.of());
  }
}
