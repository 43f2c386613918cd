package sluice.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.data.Task;

/**
 * Warnings of a network that is not worth its while: it is worse than the constant, by whatever
 * little, or worse than the best baseline by more than the interval of their difference. Compared
 * is the first of the metrics that tables begin with; with the constant of classes the log loss
 * too, which tells probabilities that are worse than none.
 */
public final class BaselineWarnings {
  private static final String LOG_LOSS = "logLoss";

  private BaselineWarnings() {}

  /** Sentences, the worst first; empty if there is nothing to warn of. */
  public static List<String> of(MetricsReport report) {
    String metric = Metrics.headline(report.task()).get(0);
    List<String> sentences = new ArrayList<>();
    for (String constant : report.baselines().keySet()) {
      if (Baselines.isConstant(constant)) {
        worseThanConstant(report, constant, metric).ifPresent(sentences::add);
        if (report.task() != Task.REGRESSION) {
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
      MetricsReport report, String constant, String metric) {
    Double own = report.test().value(metric);
    Double other = value(report, constant, metric);
    if (own == null || other == null || !isBetter(/* one= */ other, /* other= */ own, metric)) {
      return Optional.empty();
    }
    return Optional.of(
        "The network is worse than a constant (%s): %s %s against %s"
            .formatted(constant, metric, Decimal.rounded(own), Decimal.rounded(other)));
  }

  private static Optional<String> worseThanBest(MetricsReport report, String best, String metric) {
    Double own = report.test().value(metric);
    Double other = value(report, best, metric);
    Interval difference = report.intervals().differences().getOrDefault(best, Map.of()).get(metric);
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

  private static Optional<String> bestBaseline(MetricsReport report, String metric) {
    Comparator<String> byValue =
        Comparator.comparingDouble(
            name -> {
              Double value = value(report, name, metric);
              return value == null
                  ? Double.NEGATIVE_INFINITY
                  : Metrics.better(metric) == Direction.HIGHER ? value : -value;
            });
    return report.baselines().keySet().stream()
        .filter(name -> !name.equals(Gate.IN_USE))
        .max(byValue);
  }

  private static @Nullable Double value(MetricsReport report, String baseline, String metric) {
    Scores scores = report.baselines().get(baseline);
    return scores == null ? null : scores.value(metric);
  }

  private static boolean isBetter(double one, double other, String metric) {
    return Metrics.better(metric) == Direction.HIGHER ? one > other : one < other;
  }
}
