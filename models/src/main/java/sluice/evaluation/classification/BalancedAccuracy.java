package sluice.evaluation.classification;

import java.util.Optional;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** The mean over the classes that have a row of the share of its rows that is found. */
final class BalancedAccuracy extends ClassMetric {

  BalancedAccuracy() {
    super("balancedAccuracy", "Balanced accuracy", Direction.HIGHER);
  }

  @Override
  public int headline(Task task) {
    return task == Task.BINARY ? 4 : 2;
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public String explanation(Subject subject) {
    return "The share found of each class: the mean over the classes";
  }

  @Override
  public double value(ClassCounts counts) {
    return counts.balancedAccuracy();
  }

  @Override
  public Optional<String> note(ClassCounts counts) {
    return counts.absentClasses();
  }
}
