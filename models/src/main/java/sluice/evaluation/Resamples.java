package sluice.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.PoissonWeights;
import sluice.evaluation.metric.Predictions;
import sluice.statistics.Quantiles;

/**
 * The metrics of bootstrap resamples of one model's predictions (Efron, "Bootstrap methods: another
 * look at the jackknife", 1979). Two models judged on the same rows with the same seed meet the
 * same resamples, so that their difference can be judged too.
 */
final class Resamples {
  /** How many rows a resample takes: one tells of no spread. */
  static final int LEAST_ROWS = 2;

  private final List<String> metrics;

  /** By resample, then metric; NaN where undefined. */
  private final double[][] values;

  private Resamples(List<String> metrics, double[][] values) {
    this.metrics = metrics;
    this.values = values;
  }

  /** Draws resamples; of fewer than {@value #LEAST_ROWS} rows none. */
  static Resamples of(Predictions predictions, Measures<?> measures, int resamples, long seed) {
    double[][] values =
        IntStream.range(0, predictions.rows() < LEAST_ROWS ? 0 : resamples)
            .parallel()
            .mapToObj(r -> measures.values(PoissonWeights.draw(predictions, seed, r)))
            .toArray(double[][]::new);
    return new Resamples(measures.metrics().stream().<String>map(Metric::name).toList(), values);
  }

  /** The percentile interval of each metric that at least half of the resamples define. */
  Map<String, Interval> intervals(double confidence) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (int m = 0; m < metrics.size(); m++) {
      int metric = m;
      interval(r -> values[r][metric], confidence)
          .ifPresent(interval -> intervals.put(metrics.get(metric), interval));
    }
    return intervals;
  }

  /** The percentile interval of each metric's difference, this model less the other. */
  Map<String, Interval> differences(Resamples other, double confidence) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (String metric : metrics) {
      difference(other, metric, confidence).ifPresent(interval -> intervals.put(metric, interval));
    }
    return intervals;
  }

  /** The same of one metric; empty if fewer than half of the resamples define it. */
  Optional<Interval> difference(Resamples other, String metric, double confidence) {
    int m = metrics.indexOf(metric);
    return interval(r -> values[r][m] - other.values[r][m], confidence);
  }

  private Optional<Interval> interval(IntToDoubleFunction ofResample, double confidence) {
    double[] defined =
        IntStream.range(0, values.length)
            .mapToDouble(ofResample)
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    return 2 * defined.length >= values.length ? interval(defined, confidence) : Optional.empty();
  }

  private static Optional<Interval> interval(double[] sorted, double confidence) {
    if (sorted.length == 0) {
      return Optional.empty();
    }
    double tail = (1 - confidence) / 2;
    return Optional.of(new Interval(Quantiles.of(sorted, tail), Quantiles.of(sorted, 1 - tail)));
  }
}
