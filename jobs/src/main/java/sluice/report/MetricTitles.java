package sluice.report;

import sluice.evaluation.Metrics;
import sluice.evaluation.metric.Metric;

/** The names that people use for the metrics of {@code metrics.json}. */
public final class MetricTitles {
  private MetricTitles() {}

  /** The title of a metric; one that is not known, of an older report, keeps its name. */
  public static String of(String metric) {
    return Metrics.find(metric).<String>map(Metric::title).orElse(metric);
  }
}
