package sluice.evaluation.classification;

import java.util.Optional;
import sluice.evaluation.metric.Direction;

/** The mean of the precision over the classes, weighted by their rows. */
final class WeightedPrecision extends ClassMetric {

  WeightedPrecision() {
    super("weightedPrecision", "Precision, weighted", Direction.HIGHER);
  }

  @Override
  public String explanation(Subject subject) {
    return "How much of what is predicted as a class is right: the mean over the rows";
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.weighted(counts::precision);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.weightedPrecisionNote();
  }
}
