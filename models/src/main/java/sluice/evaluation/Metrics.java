package sluice.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sluice.data.Extensions;
import sluice.data.NamedMetric;
import sluice.data.Task;
import sluice.evaluation.classification.ClassMetric;
import sluice.evaluation.classification.ClassMetrics;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.regression.NumberMetric;
import sluice.evaluation.regression.NumberMetrics;

/**
 * Every metric of every task, in the order in which they are written down. What is undefined is
 * null with a note, never NaN.
 */
public final class Metrics {
  private static final List<Metric<?>> ALL =
      Stream.<Metric<?>>concat(ClassMetrics.ALL.stream(), NumberMetrics.ALL.stream()).toList();

  private Metrics() {}

  /** Why metrics that extensions add are not among them: all problems, or none. */
  public static List<String> problems() {
    List<String> problems = new ArrayList<>(ClassMetrics.REGISTRY.problems());
    problems.addAll(NumberMetrics.REGISTRY.problems());
    for (Extensions.Added extension : Extensions.onClassPath().all()) {
      for (NamedMetric metric : extension.metrics()) {
        if (!(metric instanceof ClassMetric) && !(metric instanceof NumberMetric)) {
          problems.add(
              "extension %s: metric %s must be a ClassMetric or a NumberMetric, is %s"
                  .formatted(extension.name(), metric.name(), metric.getClass().getName()));
        }
      }
    }
    Set<String> ofClasses = ClassMetrics.ALL.stream().map(Metric::name).collect(Collectors.toSet());
    NumberMetrics.ALL.stream()
        .filter(metric -> ofClasses.contains(metric.name()))
        .forEach(
            metric ->
                problems.add(
                    "metric %s must be of classes or of numbers, is of both"
                        .formatted(metric.name())));
    return problems;
  }

  /** A task's metrics, in the order in which they are written down. */
  public static List<Metric<?>> of(Task task) {
    return ALL.stream().filter(metric -> metric.tasks().contains(task)).toList();
  }

  /** A label's metrics: those of its task, without the ones of spans where its tags tell none. */
  public static List<Metric<?>> of(Label label) {
    return of(label.task()).stream().filter(metric -> metric.isOf(label)).toList();
  }

  /** Those of a label's metrics that tables begin with, the first of them to decide by. */
  public static List<Metric<?>> headline(Label label) {
    return headline(label.task()).stream().filter(metric -> metric.isOf(label)).toList();
  }

  /** Their names. */
  public static List<String> names(Task task) {
    return of(task).stream().<String>map(Metric::name).toList();
  }

  /** The metrics of a task that tables begin with, the first of them to decide by. */
  public static List<Metric<?>> headline(Task task) {
    return of(task).stream()
        .filter(metric -> metric.headline(task) > 0)
        .sorted(Comparator.comparingInt(metric -> metric.headline(task)))
        .toList();
  }

  /**
   * The metric of any task with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Metric<?> named(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }

  /** The metric of any task with this name, if there is one. */
  public static Optional<Metric<?>> find(String name) {
    return ALL.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }
}
