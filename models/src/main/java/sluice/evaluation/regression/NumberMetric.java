package sluice.evaluation.regression;

import java.util.EnumSet;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Unit;

/** A metric of predicted numbers. */
abstract class NumberMetric extends Metric<ErrorSums> {
  NumberMetric(String name, String title, Direction better, Unit unit) {
    super(name, title, better, unit);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.REGRESSION);
  }

  /** The mean over the rows of a figure of each. */
  abstract static class OfRows extends NumberMetric {
    OfRows(String name, String title, Direction better, Unit unit) {
      super(name, title, better, unit);
    }

    /** The figure of a row; not finite where it is undefined, and then the mean is too. */
    abstract double of(double truth, double predicted);

    @Override
    public double value(ErrorSums sums) {
      double mean = sums.mean(this);
      return Double.isFinite(mean) ? mean : Double.NaN;
    }
  }
}
