package sluice.evaluation.classification;

import java.util.List;
import sluice.data.Task;
import sluice.evaluation.metric.MetricRegistry;

/**
 * The metrics of predicted classes, a line each, in the order in which they are written down; those
 * of extensions are the last.
 */
public final class ClassMetrics {
  public static final MetricRegistry<ClassMetric> REGISTRY =
      MetricRegistry.withExtensions(
          ClassMetric.class,
          List.of(
              SpanMetric.f1(),
              SetMetric.microF1(),
              SetMetric.samplesF1(),
              SetMetric.subsetAccuracy(),
              SetMetric.hammingLoss(),
              new Accuracy(),
              new BalancedAccuracy(),
              new Precision(),
              new Recall(),
              new F1(),
              new MacroF1(),
              new MatthewsCorrelation(),
              new CohenKappa(),
              new WeightedPrecision(),
              new WeightedRecall(),
              new WeightedF1(),
              new RocAuc(),
              new PrAuc(),
              new LogLoss(),
              new BrierScore(),
              new CalibrationError(),
              SpanMetric.precision(),
              SpanMetric.recall(),
              new UnreadTokens(),
              SetMetric.microPrecision(),
              SetMetric.microRecall()));

  public static final List<ClassMetric> ALL = REGISTRY.metrics();

  /** Without those that are of tags or of sets alone. */
  static final List<ClassMetric> OF_CLASSES =
      ALL.stream().filter(metric -> metric.tasks().stream().anyMatch(Task::isOfClasses)).toList();

  private ClassMetrics() {}

  /** Those that are means of a figure of each row. */
  static List<ClassMetric.OfRows> ofRows() {
    return ALL.stream()
        .filter(ClassMetric.OfRows.class::isInstance)
        .map(ClassMetric.OfRows.class::cast)
        .toList();
  }

  /**
   * One of them.
   *
   * @throws IllegalArgumentException if none has this name
   */
  static ClassMetric named(String name) {
    return ALL.stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }
}
