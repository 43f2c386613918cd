package sluice.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Scores;

/**
 * Warnings of a network that is not worth its while: it is worse than the constant, by whatever
 * little, or worse than the best baseline by more than the interval of their difference. Compared
 * is the first of the metrics that tables begin with; with the constant of classes the log loss
 * too, which tells probabilities that are worse than none.
 */
public final class BaselineWarnings {
  private static final Metric<?> LOG_LOSS = Metrics.named("logLoss");

  private BaselineWarnings() {}

  /** Sentences, the worst first; empty if there is nothing to warn of. */
  public static List<String> of(MetricsReport report) {
    Metric<?> metric = Metrics.headline(report.label()).get(0);
    List<String> sentences = new ArrayList<>();
    for (String constant : report.baselines().keySet()) {
      if (Baselines.isConstant(constant)) {
        worseThanConstant(report, constant, metric).ifPresent(sentences::add);
        if (report.task().isOfClasses()) {
          worseThanConstant(report, constant, LOG_LOSS).ifPresent(sentences::add);
        }
      }
    }
    bestBaseline(report, metric)
        .filter(best -> !(Baselines.isConstant(best) && !sentences.isEmpty()))
        .flatMap(best -> worseThanBest(report, best, metric))
        .ifPresent(sentences::add);
    return sentences;
  }

  private static Optional<String> worseThanConstant(
      MetricsReport report, String constant, Metric<?> metric) {
    Double own = report.test().value(metric);
    Double other = value(report, constant, metric);
    if (own == null || other == null || metric.gain(other, own) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "The network is worse than a constant (%s): %s %s against %s"
            .formatted(constant, metric, Decimal.rounded(own), Decimal.rounded(other)));
  }

  private static Optional<String> worseThanBest(
      MetricsReport report, String best, Metric<?> metric) {
    Double own = report.test().value(metric);
    Double other = value(report, best, metric);
    Interval difference =
        report.intervals().differences().getOrDefault(best, Map.of()).get(metric.name());
    if (own == null
        || other == null
        || difference == null
        || PairedComparison.of(difference, metric) != PairedComparison.WORSE) {
      return Optional.empty();
    }
    return Optional.of(
        "The network is worse than %s, the best baseline: %s %s against %s, a difference of %s [%s, %s]"
            .formatted(
                best,
                metric,
                Decimal.rounded(own),
                Decimal.rounded(other),
                Decimal.rounded(own - other),
                Decimal.rounded(difference.low()),
                Decimal.rounded(difference.high())));
  }

  private static Optional<String> bestBaseline(MetricsReport report, Metric<?> metric) {
    Comparator<String> byValue =
        Comparator.comparingDouble(
            name -> {
              Double value = value(report, name, metric);
              return value == null ? Double.NEGATIVE_INFINITY : metric.gain(value, 0);
            });
    return report.baselines().keySet().stream()
        .filter(name -> !name.equals(Gate.IN_USE))
        .max(byValue);
  }

  private static @Nullable Double value(MetricsReport report, String baseline, Metric<?> metric) {
    Scores scores = report.baselines().get(baseline);
    return scores == null ? null : scores.value(metric);
  }
}
