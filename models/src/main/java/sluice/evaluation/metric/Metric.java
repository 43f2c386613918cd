package sluice.evaluation.metric;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.data.NamedMetric;
import sluice.data.Task;

/**
 * One figure of how good predictions are, and all that anything needs to know of it: the report,
 * the gate, early stopping, slices, comparisons and the console ask it. A metric is one class
 * without state and one line in the list of its kind.
 *
 * @param <C> what it is computed of: counts and sums over the rows
 */
public abstract class Metric<C> implements NamedMetric {
  /** The note of every metric of no rows, of which each is undefined. */
  public static final String NO_ROWS = "undefined: no rows";

  private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  private final String name;
  private final String title;
  private final Direction better;
  private final Unit unit;

  /**
   * A metric.
   *
   * @param name in metrics.json, in camel case; a configuration has it in kebab case
   * @param title for people
   * @param better which direction is an improvement
   */
  protected Metric(String name, String title, Direction better, Unit unit) {
    this.name = name;
    this.title = title;
    this.better = better;
    this.unit = unit;
  }

  @Override
  public final String name() {
    return name;
  }

  /** Its name where a configuration gives it as a value. */
  public final String configured() {
    return WORD.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
  }

  /** Its name for people. */
  public final String title() {
    return title;
  }

  /** Which direction is an improvement. */
  public final Direction better() {
    return better;
  }

  public final Unit unit() {
    return unit;
  }

  /** Of which tasks it is. */
  public abstract Set<Task> tasks();

  /** Whether it is of a label, whose task is one of its own. */
  public boolean isOf(Label label) {
    return tasks().contains(label.task());
  }

  /** Its place among the metrics of a task that tables begin with, from 1; 0 if it is none. */
  public int headline(Task task) {
    return 0;
  }

  /** The tasks whose training can be stopped by it: what is gathered on executors defines it. */
  public Set<Task> watchable() {
    return Set.of();
  }

  /** Whether a model that says the same of every row can be the best by it. */
  public boolean judgesConstants() {
    return true;
  }

  /**
   * What a metric was measured on.
   *
   * @param label what is predicted
   * @param prevalence of two classes the share of rows of the positive one; null if not known
   */
  public record Subject(Label label, @Nullable Double prevalence) {}

  /** One line on how to read it, without its unit and without a full stop. */
  public abstract String explanation(Subject subject);

  /** The figure of what was counted; NaN if it is undefined. */
  public abstract double value(C counted);

  /** What a reader must know of the figure: always there when it is undefined. */
  public Optional<String> note(C counted) {
    return Optional.empty();
  }

  /** By how much the first value is better than the second; below 0 if it is worse. */
  public final double gain(double now, double before) {
    return better == Direction.HIGHER ? now - before : before - now;
  }

  @Override
  public final String toString() {
    return name;
  }
}
