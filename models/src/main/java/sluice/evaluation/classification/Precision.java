package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * The share that is right of the rows predicted as a class. A class with rows that is never
 * predicted has 0, as in scikit-learn, with a note; one without rows that is never predicted has
 * none.
 */
final class Precision extends ClassMetric {

  Precision() {
    super("precision", "Precision", Direction.HIGHER);
  }

  @Override
  public Set<Task> watchable() {
    return Set.of(Task.BINARY);
  }

  @Override
  public String explanation(Subject subject) {
    return isBinary(subject)
        ? "How much of what is predicted as %s is right".formatted(positive(subject))
        : "How much of what is predicted as a class is right: %s".formatted(MEAN_OVER_CLASSES);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.headline(counts::precision);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.precisionNote();
  }
}
