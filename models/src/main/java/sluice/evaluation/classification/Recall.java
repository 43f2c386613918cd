package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The share of the rows of a class that is found; a class without rows has none. */
final class Recall extends ClassMetric {

  Recall() {
    super("recall", "Recall", Direction.HIGHER);
  }

  @Override
  public Set<Task> watchable() {
    return Set.of(Task.BINARY);
  }

  @Override
  public String explanation(Subject subject) {
    return isBinary(subject)
        ? "How much of %s is found".formatted(positive(subject))
        : "How much of a class is found: %s".formatted(MEAN_OVER_CLASSES);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.headline(counts::recall);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.recallNote();
  }
}
