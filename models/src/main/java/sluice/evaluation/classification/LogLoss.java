package sluice.evaluation.classification;

import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/**
 * The mean of the negative logarithm of the true class's probability, which is clipped to 1e-15 ..
 * 1 - 1e-15.
 */
final class LogLoss extends ClassMetric.OfRows {
  private static final double LEAST_PROBABILITY = 1e-15;

  LogLoss() {
    super("logLoss", "Log loss", Direction.LOWER, Unit.NATS);
  }

  @Override
  public Set<Task> tasks() {
    return alsoOfTags();
  }

  @Override
  public int headline(Task task) {
    return task == Task.MULTICLASS ? 5 : 6;
  }

  @Override
  public String explanation(Subject subject) {
    return "How surprised the network is by the truth; 0 is sure and right";
  }

  @Override
  protected double of(ClassPredictions predictions, int row, int positive) {
    double probability = predictions.probability(row, predictions.truth(row));
    return -Math.log(Math.min(Math.max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY));
  }
}
