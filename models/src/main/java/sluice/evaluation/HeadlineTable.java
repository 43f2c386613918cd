package sluice.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.data.TextTable;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Scores;

/** The headline metrics for a console: the network beside the baselines, with intervals. */
public final class HeadlineTable {
  private HeadlineTable() {}

  /**
   * Lines of text, each ended by a line feed. First the warnings of a network that is worse than
   * its baselines; a star is at the model that is better than all others by more than the intervals
   * of their differences.
   */
  public static String of(MetricsReport report) {
    List<String> models = new ArrayList<>(List.of(MetricsReport.NETWORK));
    models.addAll(report.baselines().keySet());
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("test"));
    head.addAll(models);
    table.add(head);
    for (Metric<?> metric : Metrics.headline(report.label())) {
      List<String> line = new ArrayList<>(List.of(metric.name()));
      String best = report.intervals().best().get(metric.name());
      for (String model : models) {
        line.add(cell(report, model, metric.name(), best));
      }
      table.add(line);
    }
    StringBuilder text = new StringBuilder();
    BaselineWarnings.of(report)
        .forEach(sentence -> text.append("WARNING: ").append(sentence).append('\n'));
    TextTable.lines(table).forEach(line -> text.append(line).append('\n'));
    text.append(String.format(Locale.ROOT, "%,d rows; %s\n", report.test().rows(), note(report)));
    decisions(report).ifPresent(line -> text.append(line).append('\n'));
    if (report.measuredOnTrainingRows()) {
      text.append(MeasuredOn.TRAINING_ROWS_NOTE).append('\n');
    }
    return text.toString();
  }

  private static String note(MetricsReport report) {
    if (!report.hasIntervals()) {
      return MetricsReport.NO_INTERVALS;
    }
    return String.format(
        Locale.ROOT,
        "%s %% bootstrap intervals of %,d resamples%s",
        Decimal.percent(report.intervals().confidence()),
        report.intervals().resamples(),
        report.intervals().best().isEmpty()
            ? ""
            : "; * better than all others beyond the interval of the difference");
  }

  private static Scores scores(MetricsReport report, String model) {
    Scores baseline = report.baselines().get(model);
    return baseline == null ? report.test() : baseline;
  }

  private static Map<String, Interval> intervals(MetricsReport report, String model) {
    return model.equals(MetricsReport.NETWORK)
        ? report.intervals().test()
        : report.intervals().baselines().getOrDefault(model, Map.of());
  }

  private static String cell(
      MetricsReport report, String model, String metric, @Nullable String best) {
    Double value = scores(report, model).value(metric);
    if (value == null) {
      return "undefined";
    }
    String text = Decimal.rounded(value);
    String star = model.equals(best) ? "*" : " ";
    Interval interval = intervals(report, model).get(metric);
    return interval == null
        ? text + star
        : "%s%s [%s, %s]"
            .formatted(
                text, star, Decimal.rounded(interval.low()), Decimal.rounded(interval.high()));
  }

  /** How the models decide, unless all take the most probable class by what they say. */
  private static Optional<String> decisions(MetricsReport report) {
    MetricsReport.Decided plain = MetricsReport.Decided.of(FittedDecision.NONE, report.task());
    return report.decisions().values().stream().allMatch(plain::equals)
        ? Optional.empty()
        : Optional.of(
            report.decisions().entrySet().stream()
                .map(entry -> entry.getKey() + " " + described(entry.getValue()))
                .collect(Collectors.joining("; ", "decided by ", "")));
  }

  private static String described(MetricsReport.Decided decided) {
    Double threshold = decided.threshold();
    return (threshold == null ? "" : "threshold %s, ".formatted(Decimal.rounded(threshold)))
        + decided.calibration()
        + (decided.notes().isEmpty() ? "" : " (%s)".formatted(String.join("; ", decided.notes())));
  }
}
