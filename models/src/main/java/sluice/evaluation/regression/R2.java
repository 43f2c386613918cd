package sluice.evaluation.regression;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/**
 * The coefficient of determination: 1 - (squared errors) / (squared distances of the truth from its
 * mean); undefined if the truth is constant.
 */
final class R2 extends NumberMetric {

  R2() {
    super("r2", "R²", Direction.HIGHER, Unit.NONE);
  }

  @Override
  public int headline(Task task) {
    return 3;
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The share of the variance that is explained; the mean alone has 0";
  }

  @Override
  public double value(ErrorSums sums) {
    return sums.variation() == 0 ? Double.NaN : 1 - sums.squared() / sums.variation();
  }

  @Override
  public Optional<String> note(ErrorSums sums) {
    return sums.variation() == 0
        ? Optional.of("undefined: the truth is constant")
        : Optional.empty();
  }
}
