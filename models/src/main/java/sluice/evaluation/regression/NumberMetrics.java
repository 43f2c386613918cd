package sluice.evaluation.regression;

import java.util.List;
import sluice.evaluation.metric.MetricRegistry;

/**
 * The metrics of predicted numbers, a line each, in the order in which they are written down; those
 * of extensions are the last.
 */
public final class NumberMetrics {
  public static final MetricRegistry<NumberMetric> REGISTRY =
      MetricRegistry.withExtensions(
          NumberMetric.class,
          List.of(
              new RootMeanSquaredError(),
              new MeanAbsoluteError(),
              new R2(),
              new MedianAbsoluteError(),
              new MeanAbsolutePercentageError()));

  public static final List<NumberMetric> ALL = REGISTRY.metrics();

  private NumberMetrics() {}

  /** Those that are means of a figure of each row. */
  static List<NumberMetric.OfRows> ofRows() {
    return ALL.stream()
        .filter(NumberMetric.OfRows.class::isInstance)
        .map(NumberMetric.OfRows.class::cast)
        .toList();
  }

  /**
   * One of them.
   *
   * @throws IllegalArgumentException if none has this name
   */
  static NumberMetric named(String name) {
    return ALL.stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }
}
