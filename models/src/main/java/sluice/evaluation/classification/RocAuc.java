package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * The share of pairs of a row of the class and another row in which the first scores higher, ties
 * counting half. Of more than two classes the mean over one class against the rest. Undefined with
 * rows of one class only.
 */
final class RocAuc extends ClassMetric {

  RocAuc() {
    super("rocAuc", "ROC AUC", Direction.HIGHER);
  }

  @Override
  public int headline(Task task) {
    return task == Task.BINARY ? 1 : 4;
  }

  @Override
  public Set<Task> watchable() {
    return Set.of(Task.BINARY);
  }

  @Override
  protected Needs needs() {
    return Needs.RANKS;
  }

  @Override
  public String explanation(Subject subject) {
    return isBinary(subject)
        ? "How often a random row of %s is ranked above a random other one; a guess has 0.5"
            .formatted(positive(subject))
        : "How often a row of a class is ranked above another row: %s".formatted(MEAN_OVER_CLASSES);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.rocAuc();
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.rocAucNote();
  }
}
