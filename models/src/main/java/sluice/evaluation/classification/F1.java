package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The harmonic mean of precision and recall; a class without rows has none. */
final class F1 extends ClassMetric {

  F1() {
    super("f1", "F1", Direction.HIGHER);
  }

  @Override
  public int headline(Task task) {
    return 3;
  }

  @Override
  public Set<Task> watchable() {
    return Set.of(Task.BINARY);
  }

  @Override
  public String explanation(Subject subject) {
    return isBinary(subject)
        ? "Precision and recall of %s in one number".formatted(positive(subject))
        : "Precision and recall in one number: %s".formatted(MEAN_OVER_CLASSES);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.headline(counts::f1);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.recallNote();
  }
}
