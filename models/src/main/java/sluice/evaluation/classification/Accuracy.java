package sluice.evaluation.classification;

import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The share of rows that is right. */
final class Accuracy extends ClassMetric {

  Accuracy() {
    super("accuracy", "Accuracy", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return alsoOfTags();
  }

  @Override
  public int headline(Task task) {
    return switch (task) {
      case BINARY -> 5;
      case TAGS -> 2;
      default -> 1;
    };
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The share of %s that is right".formatted(counted(subject));
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.accuracy();
  }
}
