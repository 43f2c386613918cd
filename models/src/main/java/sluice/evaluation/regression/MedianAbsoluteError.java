package sluice.evaluation.regression;

import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/** The median of the absolute errors; of an even number the mean of the middle two. */
final class MedianAbsoluteError extends NumberMetric {

  MedianAbsoluteError() {
    super("medianAbsoluteError", "Median absolute error", Direction.LOWER, Unit.LABEL);
  }

  @Override
  public int headline(Task task) {
    return 4;
  }

  @Override
  public String explanation(Subject subject) {
    return "Half of the predictions are closer to the truth than this";
  }

  @Override
  public double value(ErrorSums sums) {
    return sums.medianAbsoluteError();
  }
}
