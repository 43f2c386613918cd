package sluice.evaluation.regression;

import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/** The root of the mean of the squared errors. */
final class RootMeanSquaredError extends NumberMetric {

  RootMeanSquaredError() {
    super("rmse", "RMSE", Direction.LOWER, Unit.LABEL);
  }

  @Override
  public int headline(Task task) {
    return 1;
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The typical error, large ones weigh more";
  }

  @Override
  public double value(ErrorSums sums) {
    return Math.sqrt(sums.squared() / sums.rows());
  }
}
