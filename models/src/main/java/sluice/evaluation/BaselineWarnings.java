package sluice.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Scores;

/**
 * Warnings of a network that is not worth its while: it is worse than the constant, by whatever
 * little, or worse than the best baseline by more than the interval of their difference. With the
 * constant is compared by the first of the metrics that tables begin with, of classes by the log
 * loss too, which tells probabilities that are worse than none; with the best baseline by each of
 * these metrics, in one sentence: by the others than the first the best of those that are fitted,
 * as a constant is calibrated without telling anything.
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
    worseThanBest(report, !sentences.isEmpty()).ifPresent(sentences::add);
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

  /**
   * The metrics by which the network is worse than the best baseline: the first in full, the others
   * behind it.
   *
   * @param warned whether it is said already that the network is worse than a constant
   */
  private static Optional<String> worseThanBest(MetricsReport report, boolean warned) {
    List<Metric<?>> metrics = Metrics.headline(report.label());
    List<Worse> all =
        metrics.stream()
            .flatMap(
                metric ->
                    bestBaseline(report, metric, metric.equals(metrics.get(0)))
                        .filter(best -> !(Baselines.isConstant(best) && warned))
                        .flatMap(best -> worse(report, best, metric))
                        .stream())
            .toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    String others =
        all.stream()
            .skip(1)
            .map(
                worse ->
                    "%s %s against %s of %s"
                        .formatted(
                            worse.metric(),
                            Decimal.rounded(worse.own()),
                            Decimal.rounded(worse.other()),
                            worse.best()))
            .collect(Collectors.joining(", "));
    Worse first = all.get(0);
    return Optional.of(
        "The network is worse than %s, the best baseline: %s %s against %s, a difference of %s [%s, %s]%s"
            .formatted(
                first.best(),
                first.metric(),
                Decimal.rounded(first.own()),
                Decimal.rounded(first.other()),
                Decimal.rounded(first.own() - first.other()),
                Decimal.rounded(first.difference().low()),
                Decimal.rounded(first.difference().high()),
                others.isEmpty() ? "" : "; so it is by " + others));
  }

  private record Worse(
      Metric<?> metric, String best, double own, double other, Interval difference) {}

  private static Optional<Worse> worse(MetricsReport report, String best, Metric<?> metric) {
    Double own = report.test().value(metric);
    Double other = value(report, best, metric);
    Interval difference =
        report.intervals().differences().getOrDefault(best, Map.of()).get(metric.name());
    return own == null
            || other == null
            || difference == null
            || PairedComparison.of(difference, metric) != PairedComparison.WORSE
        ? Optional.empty()
        : Optional.of(new Worse(metric, best, own, other, difference));
  }

  private static Optional<String> bestBaseline(
      MetricsReport report, Metric<?> metric, boolean withConstants) {
    Comparator<String> byValue =
        Comparator.comparingDouble(
            name -> {
              Double value = value(report, name, metric);
              return value == null ? Double.NEGATIVE_INFINITY : metric.gain(value, 0);
            });
    return report.baselines().keySet().stream()
        .filter(name -> !name.equals(Gate.IN_USE))
        .filter(name -> withConstants || !Baselines.isConstant(name))
        .max(byValue);
  }

  private static @Nullable Double value(MetricsReport report, String baseline, Metric<?> metric) {
    Scores scores = report.baselines().get(baseline);
    return scores == null ? null : scores.value(metric);
  }
}
