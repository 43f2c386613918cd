package sluice.evaluation.regression;

import java.util.Optional;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/**
 * The mean of the absolute errors, each divided by the absolute true value; a share, not per cent.
 * Undefined where a true value is 0: there scikit-learn divides by its epsilon, and has a figure
 * that says nothing.
 */
final class MeanAbsolutePercentageError extends NumberMetric.OfRows {

  MeanAbsolutePercentageError() {
    super("mape", "Mean absolute percentage error", Direction.LOWER, Unit.NONE);
  }

  @Override
  public String explanation(Subject subject) {
    return "The mean size of an error against the true value; 0.1 is ten per cent";
  }

  @Override
  protected double of(double truth, double predicted) {
    return truth == 0 ? Double.NaN : Math.abs(predicted - truth) / Math.abs(truth);
  }

  @Override
  public Optional<String> note(ErrorSums sums) {
    return Double.isNaN(value(sums))
        ? Optional.of("undefined: a true value is 0, or too near to it")
        : Optional.empty();
  }
}
