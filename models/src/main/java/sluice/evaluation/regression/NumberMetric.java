package sluice.evaluation.regression;

import java.util.EnumSet;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Unit;

/** A metric of predicted numbers. */
public abstract class NumberMetric extends Metric<ErrorSums> {
  /**
   * A metric.
   *
   * @param name in metrics.json, in camel case
   * @param title for people
   * @param better which direction is an improvement
   */
  protected NumberMetric(String name, String title, Direction better, Unit unit) {
    super(name, title, better, unit);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.REGRESSION);
  }

  /** The mean over the rows of a figure of each. */
  public abstract static class OfRows extends NumberMetric {
    /** A metric. */
    protected OfRows(String name, String title, Direction better, Unit unit) {
      super(name, title, better, unit);
    }

    /** The figure of a row; not finite where it is undefined, and then the mean is too. */
    protected abstract double of(double truth, double predicted);

    @Override
    public double value(ErrorSums sums) {
      double mean = sums.mean(this);
      return Double.isFinite(mean) ? mean : Double.NaN;
    }
  }
}
