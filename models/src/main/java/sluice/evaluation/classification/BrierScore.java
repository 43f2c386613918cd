package sluice.evaluation.classification;

import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Unit;

/**
 * Brier 1950: of two classes the mean of (p - y)^2 of the positive one, which lies in 0..1; of more
 * the mean of the sum over the classes, in 0..2.
 */
final class BrierScore extends ClassMetric.OfRows {

  BrierScore() {
    super("brier", "Brier score", Direction.LOWER, Unit.NONE);
  }

  @Override
  public int headline(Task task) {
    return task == Task.BINARY ? 7 : 6;
  }

  @Override
  public String explanation(Subject subject) {
    return "How far probabilities lie from the truth, squared; 0 is best";
  }

  @Override
  protected double of(ClassPredictions predictions, int row, int positive) {
    if (positive >= 0) {
      return squaredGap(predictions, row, positive);
    }
    double sum = 0;
    for (int c = 0; c < predictions.classes(); c++) {
      sum += squaredGap(predictions, row, c);
    }
    return sum;
  }

  private static double squaredGap(ClassPredictions predictions, int row, int ofClass) {
    double hit = predictions.truth(row) == ofClass ? 1 : 0;
    double gap = predictions.probability(row, ofClass) - hit;
    return gap * gap;
  }
}
