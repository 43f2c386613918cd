package sluice.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.evaluation.metric.Scores;

/**
 * Whether the metrics of a network are good enough, on the test part and by their values, not their
 * intervals. A metric that is undefined, or that the bundle in use has none of to compare with, is
 * not good enough: what cannot be judged does not pass.
 *
 * @param passed what was asked and held, one line each
 * @param failed what was asked and did not hold, one line each: what, rule, value
 */
public record Gate(List<String> passed, List<String> failed) {
  /** What the bundle in use is called among the baselines. */
  public static final String IN_USE = "in-use";

  public Gate {
    passed = List.copyOf(passed);
    failed = List.copyOf(failed);
  }

  /**
   * Judges.
   *
   * @param notCompared why the bundle in use was not measured; null if it was, or if there is none,
   *     and then nothing is worse than it
   */
  public static Gate of(GateSettings settings, MetricsFile metrics, @Nullable String notCompared) {
    List<String> passed = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (Map.Entry<String, Double> least : settings.atLeast().entrySet()) {
      MetricsFile.Named named = metrics.named(least.getKey());
      Double value = named.report().test().value(named.metric());
      (value != null && value >= least.getValue() ? passed : failed)
          .add(bound(named, least, "at least"));
    }
    for (Map.Entry<String, Double> most : settings.atMost().entrySet()) {
      MetricsFile.Named named = metrics.named(most.getKey());
      Double value = named.report().test().value(named.metric());
      (value != null && value <= most.getValue() ? passed : failed)
          .add(bound(named, most, "at most"));
    }
    settings
        .noWorse()
        .forEach(
            (name, tolerance) -> {
              MetricsFile.Named named = metrics.named(name);
              String metric = named.metric();
              Scores test = named.report().test();
              @Nullable Scores inUse = named.report().baselines().get(IN_USE);
              String rule =
                  "test %s must be no worse than that of the bundle in use by more than %s"
                          .formatted(name, Decimal.text(tolerance))
                      + " (evaluate.gate.no-worse)";
              if (inUse == null) {
                (notCompared == null ? passed : failed)
                    .add(
                        "%s, %s"
                            .formatted(rule, notCompared == null ? "none is in use" : notCompared));
                return;
              }
              (isNoWorse(test, inUse, metric, tolerance) ? passed : failed)
                  .add(
                      "%s, got %s and %s"
                          .formatted(rule, shown(test, metric), shown(inUse, metric)));
            });
    return new Gate(passed, failed);
  }

  private static String bound(
      MetricsFile.Named named, Map.Entry<String, Double> bound, String words) {
    return "test %s must be %s %s (evaluate.gate.%s), got %s"
        .formatted(
            bound.getKey(),
            words,
            Decimal.text(bound.getValue()),
            words.replace(' ', '-'),
            shown(named.report().test(), named.metric()));
  }

  private static boolean isNoWorse(Scores own, Scores inUse, String metric, double tolerance) {
    Double value = own.value(metric);
    Double other = inUse.value(metric);
    if (value == null || other == null) {
      return false;
    }
    return Metrics.named(metric).gain(other, value) <= tolerance;
  }

  private static String shown(Scores scores, String metric) {
    Double value = scores.value(metric);
    if (value != null) {
      return Decimal.rounded(value);
    }
    Map<String, String> notes = scores.notes();
    return notes.containsKey(metric)
        ? "none: " + notes.get(metric)
        : "none: it is not one of this task";
  }
}
