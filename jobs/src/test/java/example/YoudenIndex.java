package example;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.classification.ClassCounts;
import sluice.evaluation.classification.ClassMetric;
import sluice.evaluation.metric.Direction;

/** A metric that another jar adds (Youden 1950): sensitivity and specificity together, less 1. */
public final class YoudenIndex extends ClassMetric {
  public YoudenIndex() {
    super("youdenIndex", "Youden's J", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.BINARY);
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The share found of each class, together, less 1; a guess has 0";
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.recall(0) + counts.recall(1) - 1;
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.support(0) == 0 || counts.support(1) == 0
        ? Optional.of("undefined: a class has no row")
        : Optional.empty();
  }
}
