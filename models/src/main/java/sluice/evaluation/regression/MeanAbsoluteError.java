package sluice.evaluation.regression;

import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/** The mean of the absolute errors. */
final class MeanAbsoluteError extends NumberMetric {

  MeanAbsoluteError() {
    super("mae", "MAE", Direction.LOWER, Unit.LABEL);
  }

  @Override
  public int headline(Task task) {
    return 2;
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The mean size of an error";
  }

  @Override
  public double value(ErrorSums sums) {
    return sums.absolute() / sums.rows();
  }
}
