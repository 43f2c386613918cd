package sluice.evaluation.classification;

import java.util.EnumSet;
import java.util.Set;
import sluice.data.Task;
import sluice.evaluation.metric.Direction;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Unit;

/**
 * A metric of predicted classes. Where it says nothing else, a metric of one class is that of the
 * positive class of two, and else the plain mean over the classes that have a row (macro).
 */
public abstract class ClassMetric extends Metric<ClassCounts> {
  static final String MEAN_OVER_CLASSES =
      "the mean over the classes, small ones counted like large ones";

  /** What must be known of the rows. */
  public enum Needs {
    /** Rows by true and by predicted class. */
    COUNTS,
    /** The order of the rows by score. */
    RANKS,
    /** The probabilities themselves. */
    PROBABILITIES
  }

  /** One without a unit. */
  protected ClassMetric(String name, String title, Direction better) {
    this(name, title, better, Unit.NONE);
  }

  /**
   * A metric.
   *
   * @param name in metrics.json, in camel case
   * @param title for people
   * @param better which direction is an improvement
   */
  protected ClassMetric(String name, String title, Direction better, Unit unit) {
    super(name, title, better, unit);
  }

  @Override
  public Set<Task> tasks() {
    return EnumSet.of(Task.BINARY, Task.MULTICLASS);
  }

  /** What it is computed of. */
  protected Needs needs() {
    return Needs.COUNTS;
  }

  /** Of classes, and of tags, whose tokens are rows. */
  static Set<Task> alsoOfTags() {
    return EnumSet.of(Task.BINARY, Task.MULTICLASS, Task.TAGS);
  }

  /** What the plain mean over the classes is, whose place the names of sets take. */
  static String meanOverClasses(Subject subject) {
    return subject.label().task() == Task.MULTILABEL
        ? "the mean over the names, rare ones counted like frequent ones"
        : MEAN_OVER_CLASSES;
  }

  /** What it is a share of. */
  static String counted(Subject subject) {
    return subject.label().task() == Task.TAGS ? "tokens" : "rows";
  }

  static boolean isBinary(Subject subject) {
    return subject.label().task() == Task.BINARY;
  }

  static String positive(Subject subject) {
    return "“%s”".formatted(subject.label().positive());
  }

  /** The mean over the rows of a figure of each. */
  public abstract static class OfRows extends ClassMetric {
    /** A metric. */
    protected OfRows(String name, String title, Direction better, Unit unit) {
      super(name, title, better, unit);
    }

    @Override
    protected Needs needs() {
      return Needs.PROBABILITIES;
    }

    /**
     * The figure of a row.
     *
     * @param positive the index of the positive class of two, or -1
     */
    protected abstract double of(ClassPredictions predictions, int row, int positive);

    @Override
    public double value(ClassCounts counts) {
      return counts.mean(this);
    }
  }
}
