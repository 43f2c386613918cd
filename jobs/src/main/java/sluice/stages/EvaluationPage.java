package sluice.stages;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.data.Decimal;
import sluice.data.Task;
import sluice.evaluation.BaselineWarnings;
import sluice.evaluation.Evaluation;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.Metrics;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.PairedComparison;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.Unit;
import sluice.explanation.Importances;
import sluice.jobs.JobContext;
import sluice.normalise.NumberLabel;
import sluice.quality.Finding;
import sluice.report.Comparison;
import sluice.report.Configuration;
import sluice.report.Figure;
import sluice.report.HeadlineMetrics;
import sluice.report.HtmlReport;
import sluice.report.Importance;
import sluice.report.LearningCurves;
import sluice.report.MetricTitles;
import sluice.report.Numbers;
import sluice.report.ReportPage;
import sluice.report.Section;
import sluice.report.Slices;
import sluice.run.Ledger;
import sluice.run.Stage;
import sluice.training.Advice;
import sluice.training.Convergence;
import sluice.training.TrainingPlan;
import sluice.training.checkpoint.EpochRecord;

/**
 * The judgement as a page for people. All of it comes from the run: the evaluation, the bundle, the
 * stages' tables and manifests.
 *
 * @param context the run
 * @param bundle what is judged
 * @param evaluation the judgement
 * @param baselines what it was compared with
 * @param ledger where every row went
 * @param importances what explains the bundle, if it was measured
 */
record EvaluationPage(
    JobContext context,
    ModelBundle bundle,
    Evaluation evaluation,
    List<BaselineResult> baselines,
    Ledger ledger,
    Optional<Importances> importances) {
  private static final int FEW_ROWS = 100;
  private static final int FEW_CLASS_ROWS = 30;
  private static final int NAMED_CLASSES = 5;
  private static final int SLICE_METRICS = 4;

  /** The page in HTML. */
  String html() {
    return HtmlReport.render(
        new ReportPage(
            context.config().pipeline().name(),
            report().task().toString(),
            context.clock().instant(),
            bundle.id(),
            verdict(),
            warnings(),
            sections()));
  }

  private List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(headline());
    sections.add(comparison());
    sections.addAll(MetricsSections.of(evaluation));
    sections.add(learning());
    report().slices().forEach((column, slices) -> sections.add(slices(column, slices)));
    importances
        .filter(measured -> measured.notMeasured().isEmpty())
        .ifPresent(measured -> sections.add(importance(measured)));
    DecisionGrid.of(context, bundle).ifPresent(sections::add);
    sections.addAll(new DataSections(context, bundle, ledger).sections());
    sections.add(ProvenanceSection.of(context, bundle, baselines));
    List<String> judging = context.resolved().redacted("evaluate"::equals);
    sections.add(
        new Configuration(bundle.provenance().configuration() + "\n" + String.join("\n", judging)));
    return sections;
  }

  private MetricsReport report() {
    return evaluation.report();
  }

  private PipelineConfig config() {
    return context.config();
  }

  /** Where no difference is known. */
  private static final String BESIDE = "beside";

  private String verdict() {
    Optional<Metric<?>> first =
        Metrics.headline(report().task()).stream()
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

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    BaselineWarnings.of(report()).forEach(sentence -> warnings.add(sentence(sentence)));
    MetricsReport.Decided decided = report().decisions().get(MetricsReport.NETWORK);
    if (decided != null) {
      decided.notes().forEach(note -> warnings.add(sentence(note)));
    }
    if (report().measuredOnTrainingRows()) {
      warnings.add(sentence(MeasuredOn.TRAINING_ROWS_NOTE));
    }
    if (report().test().rows() < FEW_ROWS) {
      warnings.add("Judged on %s only: every figure is a hint.".formatted(judgedRows()));
    } else if (evaluation.test() instanceof Details.OfClasses classes) {
      List<String> few =
          classes.classes().stream()
              .filter(line -> line.support() < FEW_CLASS_ROWS)
              .map(line -> "%s (%s)".formatted(line.name(), Numbers.count(line.support())))
              .toList();
      if (!few.isEmpty()) {
        warnings.add(
            "%s with fewer than %d of the %s, so that their figures are hints: %s%s."
                .formatted(
                    few.size() == 1 ? "There is 1 class" : "There are " + few.size() + " classes",
                    FEW_CLASS_ROWS,
                    judgedRows(),
                    String.join(", ", few.subList(0, Math.min(NAMED_CLASSES, few.size()))),
                    few.size() > NAMED_CLASSES ? ", …" : ""));
      }
    }
    context
        .fact(Stage.MODEL, TrainStage.CONVERGENCE, Convergence.class)
        .flatMap(Convergence::warning)
        .ifPresent(warning -> warnings.add(sentence(warning)));
    findings().forEach(finding -> warnings.add(sentence(finding.text())));
    importances
        .flatMap(Importances::notMeasured)
        .ifPresent(
            reason ->
                warnings.add(sentence("What the network looks at was not measured: " + reason)));
    if (ledger.quarantined() > 0) {
      warnings.add(
          "%s of %s records could not be read and are left out."
              .formatted(Numbers.count(ledger.quarantined()), Numbers.count(ledger.read())));
    }
    return warnings;
  }

  private List<Finding> findings() {
    return context.facts(Stage.FEATURES, NormaliseStage.FINDINGS, Finding[].class);
  }

  private static String sentence(String text) {
    String start = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return start.endsWith(".") ? start : start + ".";
  }

  private HeadlineMetrics headline() {
    return new HeadlineMetrics(
        intervalsNote("the " + judgedRows()),
        Metrics.headline(report().task()).stream()
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
        new Metric.Subject(report().label(), MetricsSections.prevalence(evaluation).orElse(null));
    String unit = metric.unit() == Unit.LABEL ? "; in units of " + report().label().column() : "";
    return metric.explanation(subject) + unit + ".";
  }

  private Comparison comparison() {
    List<String> models = new ArrayList<>(List.of(MetricsReport.NETWORK));
    models.addAll(report().baselines().keySet());
    List<Comparison.Row> rows = new ArrayList<>();
    Set<Metric<?>> metrics = new LinkedHashSet<>(Metrics.headline(report().task()));
    metrics.addAll(Metrics.of(report().task()));
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
        Metrics.headline(report().task()).stream()
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
    if (report().task() == Task.REGRESSION) {
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
    List<String> leftOut = EvaluateStage.leftOut(config(), bundle);
    String omissions = leftOut.isEmpty() ? "" : " " + sentence(String.join("; ", leftOut));
    return baselines.isEmpty()
        ? omissions
        : baselines.stream()
            .map(
                baseline ->
                    String.format(
                        Locale.ROOT,
                        "%s to %s train rows in %.1f s",
                        baseline.name(),
                        Numbers.count(baseline.trainRows()),
                        baseline.fitSeconds()))
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

  private LearningCurves learning() {
    List<EpochRecord> history = bundle.provenance().history();
    List<Double> seconds = context.facts(Stage.MODEL, TrainStage.SECONDS, Double[].class);
    @Nullable Metric<?> watched = config().train().earlyStopping().watched().orElse(null);
    List<LearningCurves.Step> steps = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      EpochRecord epoch = history.get(i);
      @Nullable Double speed =
          seconds.size() == history.size() && seconds.get(i) > 0
              ? (Double) (epoch.examples() / seconds.get(i))
              : null;
      steps.add(
          new LearningCurves.Step(
              epoch.epoch(),
              epoch.trainLoss(),
              epoch.validationLoss(),
              watched == null ? null : epoch.validationMetrics().get(watched.name()),
              speed));
    }
    int last = history.isEmpty() ? 0 : history.get(history.size() - 1).epoch();
    int best = bundle.provenance().bestEpoch();
    @Nullable TrainingPlan plan = bundle.provenance().training();
    return new LearningCurves(
        "epoch",
        watched == null ? "" : watched.title(),
        steps,
        (long) best,
        "Trained for %s epochs%s; the parameters after epoch %s were kept.%s%s"
            .formatted(
                Numbers.count(last),
                plan == null ? "" : " (" + plan.text() + ")",
                Numbers.count(best),
                lossUnits(),
                speed()));
  }

  /** A loss is of what the network sees; every other figure is in the label's own units. */
  private String lossUnits() {
    return bundle.preprocessing().label() instanceof NumberLabel number && number.std() != 1
        ? " Losses are of %s divided by its standard deviation, %s."
            .formatted(number.column(), Numbers.result(number.std()))
        : "";
  }

  /** How fast training was, where its time went, and what was predicted. */
  private String speed() {
    return context
        .fact(Stage.MODEL, TrainStage.SPEED, TrainStage.Speed.class)
        .map(
            speed ->
                " %s examples a second on %s of Spark's task slots: %.0f %% of their time went into steps, %.0f %% into making minibatches, %.0f %% into averaging and waiting.%s"
                    .formatted(
                        Numbers.count(Math.round(speed.examplesPerSecond())),
                        Numbers.count(speed.slots()),
                        100 * speed.compute(),
                        100 * speed.data(),
                        100 * speed.transport(),
                        predicted(speed.slots())))
        .orElse("");
  }

  private String predicted(int slots) {
    return context
        .fact(Stage.MODEL, TrainStage.ADVICE, Advice.class)
        .map(
            advice ->
                " Predicted were %s."
                    .formatted(Numbers.count(Math.round(advice.examplesPerSecond(slots)))))
        .orElse("");
  }

  private Slices slices(String column, List<MetricsReport.Slice> slices) {
    List<Metric<?>> metrics =
        Metrics.headline(report().task()).stream().limit(SLICE_METRICS).toList();
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

  private Importance importance(Importances measured) {
    return new Importance(
        measured.metric(),
        measured.columns().stream()
            .map(
                column ->
                    new Importance.Feature(
                        column.column(), Figure.of(column.loss(), column.low(), column.high())))
            .toList(),
        "%s shuffles of each column over %s of the rows that were judged, on which %s is %s; intervals span %s %% of the shuffles."
            .formatted(
                Numbers.count(measured.repeats()),
                Numbers.count(measured.rows()),
                MetricTitles.of(measured.metric()),
                Numbers.result(Objects.requireNonNull(measured.unpermuted())),
                Decimal.percent(measured.confidence())));
  }
}
