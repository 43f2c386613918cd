package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The plain mean of F1 over the classes that have a row, of two classes too. */
final class MacroF1 extends ClassMetric {

  MacroF1() {
    super("macroF1", "F1, macro", Direction.HIGHER);
  }

  @Override
  public Set<Task> tasks() {
    return alsoOfTags();
  }

  @Override
  public int headline(Task task) {
    return task == Task.TAGS ? 3 : 0;
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "Precision and recall in one number: " + MEAN_OVER_CLASSES;
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
