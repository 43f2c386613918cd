package sluice.evaluation.classification;

import sluice.evaluation.metric.Direction;

/** The mean of the recall over the classes, weighted by their rows: the accuracy. */
final class WeightedRecall extends ClassMetric {

  WeightedRecall() {
    super("weightedRecall", "Recall, weighted", Direction.HIGHER);
  }

  @Override
  public String explanation(Subject subject) {
    return "How much of a class is found: the mean over the rows";
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.accuracy();
  }
}
