package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sluice.data.Decimal;
import sluice.data.Task;
import sluice.evaluation.BaselineWarnings;
import sluice.evaluation.Evaluation;
import sluice.evaluation.Metrics;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.PairedComparison;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.Unit;
import sluice.jobs.JobContext;
import sluice.report.Comparison;
import sluice.report.Figure;
import sluice.report.HeadlineMetrics;
import sluice.report.Numbers;
import sluice.report.OfLabel;
import sluice.report.Section;
import sluice.report.Slices;

/**
 * The judgement of one label's predictions, for people.
 *
 * @param context the run
 * @param judgement what is shown
 * @param worst the texts of the rows that are predicted worst
 */
record LabelPage(JobContext context, LabelJudgement judgement, WorstRows worst) {
  private static final int FEW_ROWS = 100;
  private static final int FEW_CLASS_ROWS = 30;
  private static final int NAMED_CLASSES = 5;
  private static final int SLICE_METRICS = 4;

  /** What comes first: the metrics. */
  List<Section> metrics() {
    List<Section> sections = new ArrayList<>();
    sections.add(headline());
    sections.add(comparison());
    sections.addAll(MetricsSections.of(judgement.evaluation()));
    return named(sections);
  }

  /** What comes after the training: where the network errs, and what it looks at. */
  List<Section> explanations() {
    List<Section> sections = new ArrayList<>();
    report().slices().forEach((column, slices) -> sections.add(slices(column, slices)));
    if (!worst.columns().isEmpty()) {
      sections.add(worst.section(judgement));
    }
    sections.addAll(ExplanationSections.of(judgement));
    DecisionGrid.of(context, judgement.target()).ifPresent(sections::add);
    return named(sections);
  }

  private List<Section> named(List<Section> sections) {
    return judgement.target().isOnly()
        ? sections
        : sections.stream()
            .<Section>map(section -> new OfLabel(report().label().column(), section))
            .toList();
  }

  private MetricsReport report() {
    return judgement.evaluation().report();
  }

  /** Where no difference is known. */
  private static final String BESIDE = "beside";

  String verdict() {
    Optional<Metric<?>> first =
        Metrics.headline(report().label()).stream()
            .filter(metric -> report().test().value(metric) != null)
            .findFirst();
    String rows = judgedRows();
    if (first.isEmpty()) {
      return "No metric is defined on %s.".formatted(rows);
    }
    Metric<?> metric = first.get();
    Map<String, List<String>> beside = new TreeMap<>();
    report()
        .baselines()
        .forEach(
            (name, scores) -> {
              Double value = scores.value(metric);
              beside
                  .computeIfAbsent(compared(metric, name), words -> new ArrayList<>())
                  .add(
                      "%s (%s)"
                          .formatted(name, value == null ? "undefined" : Numbers.result(value)));
            });
    String comparisons =
        beside.entrySet().stream()
            .map(entry -> entry.getKey() + " " + String.join(" and ", entry.getValue()))
            .collect(Collectors.joining(", "));
    Interval interval = report().intervals().test().get(metric.name());
    Double value = report().test().value(metric);
    return "%s %s%s on %s%s."
        .formatted(
            metric.title(),
            value == null ? "undefined" : Numbers.result(value),
            interval == null
                ? ""
                : " (%s)".formatted(Numbers.interval(interval.low(), interval.high())),
            rows,
            comparisons.isEmpty() ? "" : ": " + comparisons);
  }

  /** By the interval of the difference on the same resamples. */
  private String compared(Metric<?> metric, String baseline) {
    Interval difference =
        report().intervals().differences().getOrDefault(baseline, Map.of()).get(metric.name());
    return difference == null ? BESIDE : PairedComparison.of(difference, metric).text();
  }

  private String judgedRows() {
    return "%s %s rows"
        .formatted(
            Numbers.count(report().test().rows()),
            report().measuredOnTrainingRows() ? "training" : "test");
  }

  /** What limits the verdict; a sentence each. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    BaselineWarnings.of(report()).forEach(warnings::add);
    MetricsReport.Decided decided = report().decisions().get(MetricsReport.NETWORK);
    if (decided != null) {
      warnings.addAll(decided.notes());
    }
    if (report().test().rows() < FEW_ROWS) {
      warnings.add("judged on %s only: every figure is a hint".formatted(judgedRows()));
    } else if (judgement.evaluation().test() instanceof Details.OfClasses classes) {
      few(classes.classes(), "class", "classes").ifPresent(warnings::add);
    } else if (judgement.evaluation().test() instanceof Details.OfSets sets) {
      few(sets.names(), "name", "names").ifPresent(warnings::add);
    }
    judgement
        .importances()
        .forEach(
            (model, measured) ->
                measured
                    .notMeasured()
                    .ifPresent(
                        reason ->
                            warnings.add(
                                "what %s looks at was not measured: %s"
                                    .formatted(ExplanationSections.spoken(model), reason))));
    return warnings;
  }

  private Optional<String> few(List<Details.ClassLine> lines, String one, String several) {
    List<String> few =
        lines.stream()
            .filter(line -> line.support() < FEW_CLASS_ROWS)
            .map(line -> "%s (%s)".formatted(line.name(), Numbers.count(line.support())))
            .toList();
    return few.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s with fewer than %d of the %s, so that their figures are hints: %s%s"
                .formatted(
                    few.size() == 1
                        ? "there is 1 " + one
                        : "there are %d %s".formatted(few.size(), several),
                    FEW_CLASS_ROWS,
                    report().task() == Task.TAGS ? "tokens" : judgedRows(),
                    String.join(", ", few.subList(0, Math.min(NAMED_CLASSES, few.size()))),
                    few.size() > NAMED_CLASSES ? ", …" : ""));
  }

  private HeadlineMetrics headline() {
    return new HeadlineMetrics(
        report().hasIntervals()
            ? intervalsNote("the " + judgedRows())
            : "There are %s.".formatted(MetricsReport.NO_INTERVALS),
        Metrics.headline(report().label()).stream()
            .map(
                metric ->
                    new HeadlineMetrics.Metric(
                        metric.title(),
                        figure(report().test(), report().intervals().test(), metric),
                        explanation(metric)))
            .toList());
  }

  private String intervalsNote(String resampled) {
    return "%s %% bootstrap intervals, %s resamples of %s."
        .formatted(
            Decimal.percent(report().intervals().confidence()),
            Numbers.count(report().intervals().resamples()),
            resampled);
  }

  private String explanation(Metric<?> metric) {
    Metric.Subject subject =
        new Metric.Subject(
            report().label(), MetricsSections.prevalence(judgement.evaluation()).orElse(null));
    String unit = metric.unit() == Unit.LABEL ? "; in units of " + report().label().column() : "";
    return metric.explanation(subject) + unit + ".";
  }

  private Comparison comparison() {
    List<String> models = new ArrayList<>(List.of(MetricsReport.NETWORK));
    models.addAll(report().baselines().keySet());
    List<Comparison.Row> rows = new ArrayList<>();
    Set<Metric<?>> metrics = new LinkedHashSet<>(Metrics.headline(report().label()));
    metrics.addAll(Metrics.of(report().label()));
    for (Metric<?> metric : metrics) {
      List<Figure> figures = new ArrayList<>();
      figures.add(figure(report().test(), report().intervals().test(), metric));
      report()
          .baselines()
          .forEach(
              (name, scores) ->
                  figures.add(
                      figure(
                          scores,
                          report().intervals().baselines().getOrDefault(name, Map.of()),
                          metric)));
      String best = report().intervals().best().get(metric.name());
      rows.add(
          new Comparison.Row(metric.name(), figures, best == null ? -1 : models.indexOf(best)));
    }
    return new Comparison(
        "All on the same features and the same %s.".formatted(judgedRows()) + fits() + decisions(),
        models,
        rows,
        Metrics.headline(report().label()).stream()
            .filter(metric -> models.size() > 1)
            .map(this::differences)
            .toList());
  }

  private Comparison.Row differences(Metric<?> metric) {
    List<Figure> figures = new ArrayList<>();
    report()
        .baselines()
        .forEach(
            (name, scores) -> {
              Double own = report().test().value(metric);
              Double other = scores.value(metric);
              Interval interval =
                  report()
                      .intervals()
                      .differences()
                      .getOrDefault(name, Map.of())
                      .get(metric.name());
              figures.add(
                  own == null || other == null
                      ? Figure.absent("undefined for one of the two")
                      : interval == null
                          ? Figure.of(own - other)
                          : Figure.of(own - other, interval.low(), interval.high()));
            });
    return new Comparison.Row(metric.name(), figures);
  }

  /** How the models decide on a class. */
  private String decisions() {
    if (!report().task().isOfClasses()) {
      return "";
    }
    return report().decisions().entrySet().stream()
        .map(
            entry -> {
              Double threshold = entry.getValue().threshold();
              return threshold == null
                  ? "%s %s".formatted(entry.getKey(), entry.getValue().calibration())
                  : "%s from %s on, %s"
                      .formatted(
                          entry.getKey(),
                          Numbers.result(threshold),
                          entry.getValue().calibration());
            })
        .collect(
            Collectors.joining(
                "; ",
                report().task() == Task.BINARY
                    ? " The positive class is decided on: "
                    : " Probabilities: ",
                "."));
  }

  private String fits() {
    List<String> leftOut = LabelJudgement.leftOut(context.config(), judgement.target());
    String omissions =
        leftOut.isEmpty() ? "" : " " + EvaluationPage.sentence(String.join("; ", leftOut));
    List<BaselineResult> baselines = judgement.baselines();
    return baselines.isEmpty()
        ? omissions
        : baselines.stream()
            .map(
                baseline ->
                    String.format(
                        Locale.ROOT,
                        "%s to %s train rows in %.1f s",
                        baseline.fitted().name(),
                        Numbers.count(baseline.fitted().trainRows()),
                        baseline.fitted().fitSeconds()))
            .collect(Collectors.joining("; ", " Fitted: ", "." + omissions));
  }

  private static Figure figure(Scores scores, Map<String, Interval> intervals, Metric<?> metric) {
    Double value = scores.value(metric);
    if (value == null) {
      return Figure.absent(scores.notes().getOrDefault(metric.name(), "undefined on these rows"));
    }
    Interval interval = intervals.get(metric.name());
    return interval == null ? Figure.of(value) : Figure.of(value, interval.low(), interval.high());
  }

  private Slices slices(String column, List<MetricsReport.Slice> slices) {
    List<Metric<?>> metrics =
        Metrics.headline(report().label()).stream().limit(SLICE_METRICS).toList();
    return new Slices(
        column,
        metrics.stream().<String>map(Metric::name).toList(),
        slices.stream()
            .map(
                slice ->
                    new Slices.Slice(
                        slice.value() == null ? "(missing)" : slice.value(),
                        slice.scores().rows(),
                        metrics.stream()
                            .map(metric -> figure(slice.scores(), slice.intervals(), metric))
                            .toList()))
            .toList(),
        Evaluation.SMALL_SLICE,
        intervalsNote("the rows of each value")
            + (slices.size() < Evaluation.MOST_SLICES
                ? ""
                : " Shown are the %d most frequent values.".formatted(Evaluation.MOST_SLICES)));
  }
}
