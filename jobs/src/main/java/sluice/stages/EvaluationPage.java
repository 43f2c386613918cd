package sluice.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.evaluation.MeasuredOn;
import sluice.jobs.JobContext;
import sluice.normalise.NumberLabel;
import sluice.quality.Finding;
import sluice.report.Configuration;
import sluice.report.HtmlReport;
import sluice.report.LearningCurves;
import sluice.report.Numbers;
import sluice.report.ReportPage;
import sluice.report.Section;
import sluice.run.Ledger;
import sluice.run.Stage;
import sluice.training.Advice;
import sluice.training.Convergence;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.TrainingPlan;
import sluice.training.checkpoint.EpochRecord;

/**
 * The judgement as a page for people. All of it comes from the run: the evaluation, the bundle, the
 * stages' tables and manifests.
 *
 * @param context the run
 * @param bundle what is judged
 * @param labels the judgement of each label
 * @param ledger where every row went
 */
record EvaluationPage(
    JobContext context, ModelBundle bundle, List<LabelJudgement> labels, Ledger ledger) {

  /** The page in HTML. */
  String html() {
    WorstRows worst = WorstRows.of(context, bundle, labels);
    List<LabelPage> pages =
        labels.stream().map(label -> new LabelPage(context, label, worst)).toList();
    return HtmlReport.render(
        new ReportPage(
            context.config().pipeline().name(),
            labels.stream()
                .map(label -> label.evaluation().report().task().toString())
                .distinct()
                .collect(Collectors.joining(", ")),
            context.clock().instant(),
            bundle.id(),
            verdict(pages),
            warnings(pages),
            sections(pages)));
  }

  private List<Section> sections(List<LabelPage> pages) {
    List<Section> sections = new ArrayList<>();
    pages.forEach(page -> sections.addAll(page.metrics()));
    sections.add(learning());
    pages.forEach(page -> sections.addAll(page.explanations()));
    sections.addAll(new DataSections(context, bundle, ledger).sections());
    sections.add(ProvenanceSection.of(context, bundle, labels));
    List<String> judging = context.resolved().redacted("evaluate"::equals);
    sections.add(
        new Configuration(bundle.provenance().configuration() + "\n" + String.join("\n", judging)));
    return sections;
  }

  private PipelineConfig config() {
    return context.config();
  }

  private static String verdict(List<LabelPage> pages) {
    return pages.stream()
        .map(page -> page.judgement().target().prefix() + page.verdict())
        .collect(Collectors.joining(" "));
  }

  private List<String> warnings(List<LabelPage> pages) {
    List<String> warnings = new ArrayList<>();
    if (config().split().sameRows()) {
      warnings.add(sentence(MeasuredOn.TRAINING_ROWS_NOTE));
    }
    pages.forEach(
        page ->
            page.warnings()
                .forEach(
                    warning ->
                        warnings.add(sentence(page.judgement().target().prefix() + warning))));
    context
        .fact(Stage.MODEL, TrainStage.CONVERGENCE, Convergence.class)
        .flatMap(Convergence::warning)
        .ifPresent(warning -> warnings.add(sentence(warning)));
    findings().forEach(finding -> warnings.add(sentence(finding.text())));
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

  /** A text as a sentence. */
  static String sentence(String text) {
    String start = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return start.endsWith(".") ? start : start + ".";
  }

  private LearningCurves learning() {
    List<EpochRecord> history = bundle.provenance().history();
    List<Double> seconds = context.facts(Stage.MODEL, TrainStage.SECONDS, Double[].class);
    EarlyStopping.@Nullable Watched watched =
        config().train().earlyStopping().watched().orElse(null);
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
    boolean validated = history.stream().anyMatch(epoch -> epoch.validationLoss() != null);
    return new LearningCurves(
        "epoch",
        watched == null ? "" : title(watched),
        steps,
        (long) best,
        "Trained for %s epochs%s; the parameters after epoch %s were kept.%s%s"
            .formatted(
                Numbers.count(last),
                plan == null ? "" : " (" + plan.text(validated) + ")",
                Numbers.count(best),
                lossUnits(),
                speed()));
  }

  private static String title(EarlyStopping.Watched watched) {
    return watched.label().isEmpty()
        ? watched.metric().title()
        : "%s of %s".formatted(watched.metric().title(), watched.label());
  }

  /** A loss is of what the network sees; every other figure is in the label's own units. */
  private String lossUnits() {
    return bundle.targets().stream()
        .flatMap(
            target ->
                target.fitted() instanceof NumberLabel number && number.std() != 1
                    ? Stream.of(
                        "%s divided by its standard deviation, %s"
                            .formatted(number.column(), Numbers.result(number.std())))
                    : Stream.empty())
        .reduce((one, other) -> one + ", and of " + other)
        .map(" Losses are of %s."::formatted)
        .orElse("");
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
}
