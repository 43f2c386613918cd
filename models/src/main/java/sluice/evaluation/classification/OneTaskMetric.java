package sluice.evaluation.classification;

import java.util.EnumSet;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;

/** A metric of one task, which training may watch. */
abstract class OneTaskMetric extends ClassMetric {
  private final Task task;
  private final int headline;
  private final String explanation;

  OneTaskMetric(
      Task task, String name, String title, Direction better, int headline, String explanation) {
    super(name, title, better);
    this.task = task;
    this.headline = headline;
    this.explanation = explanation;
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(task);
  }

  @Override
  public Set<Task> watchable() {
    return tasks();
  }

  @Override
  public int headline(Task of) {
    return headline;
  }

  @Override
  public String explanation(Subject subject) {
    return explanation;
  }
}
