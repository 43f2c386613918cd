package sluice.evaluation.classification;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/**
 * The share of pairs of a row of the class and another row in which the first scores higher, ties
 * counting half. Of more than two classes, and of the names of sets, the mean over one against the
 * rest. Undefined with rows of one class only.
 */
final class RocAuc extends ClassMetric {

  RocAuc() {
    super("rocAuc", "ROC AUC", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.BINARY, Task.MULTICLASS, Task.MULTILABEL);
  }

  @Override
  public int headline(Task task) {
    return switch (task) {
      case BINARY -> 1;
      case MULTILABEL -> 6;
      default -> 4;
    };
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
        : "How often a row of a %s is ranked above another row: %s"
            .formatted(
                subject.label().task() == Task.MULTILABEL ? "name" : "class",
                meanOverClasses(subject));
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
