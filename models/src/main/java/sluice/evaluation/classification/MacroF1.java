package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The plain mean of F1 over the classes or names that have a row, of two classes too. */
final class MacroF1 extends ClassMetric {

  MacroF1() {
    super("macroF1", "F1, macro", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    Set<Task> tasks = alsoOfTags();
    tasks.add(Task.MULTILABEL);
    return tasks;
  }

  @Override
  public int headline(Task task) {
    return switch (task) {
      case TAGS -> 3;
      case MULTILABEL -> 2;
      default -> 0;
    };
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "Precision and recall in one number: " + meanOverClasses(subject);
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.macro(counts::f1);
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.absentClasses();
  }
}
