package sluice.data;

/**
 * A metric, as far as this module knows it. What it measures and how, its kind says: {@code
 * ClassMetric} or {@code NumberMetric} in {@code sluice.evaluation}.
 */
public interface NamedMetric {
  /** Its name in {@code metrics.json}, in camel case. */
  String name();
}
