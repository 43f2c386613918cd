package sluice.evaluation.classification;

import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The mean of F1 over the classes, weighted by their rows. */
final class WeightedF1 extends ClassMetric {

  WeightedF1() {
    super("weightedF1", "F1, weighted", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return alsoOfTags();
  }

  @Override
  public String explanation(Subject subject) {
    return "Precision and recall in one number: the mean over the " + counted(subject);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.weighted(counts::f1);
  }
}
