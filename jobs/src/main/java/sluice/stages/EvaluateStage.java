package sluice.stages;

import static org.apache.spark.sql.functions.col;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BundleLabel;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.data.Json;
import sluice.decision.FittedDecision;
import sluice.evaluation.Evaluation;
import sluice.evaluation.Gate;
import sluice.evaluation.HeadlineTable;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.baselines.BaselineInput;
import sluice.evaluation.baselines.BaselineResult;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Label;
import sluice.evaluation.predictions.ModelPredictions;
import sluice.explanation.Importances;
import sluice.jobs.JobContext;
import sluice.jobs.RunFormatting;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.run.Attempt;
import sluice.run.Ledger;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.run.StageOutput;
import sluice.split.Part;

/** {@code model} and {@code features} to {@code metrics}: the judgement, beside baselines. */
public final class EvaluateStage implements StageWork {
  private static final String KEY = sluice.normalise.FeatureColumns.KEY;
  private static final String PART = sluice.normalise.FeatureColumns.PART;

  /** What holds the metrics. */
  public static final String METRICS_FILE = "metrics.json";

  /** The page. */
  private static final String REPORT_FILE = "report.html";

  private static final String LABEL = sluice.normalise.FeatureColumns.LABEL;

  @Override
  public Stage stage() {
    return Stage.METRICS;
  }

  @Override
  public String purpose() {
    return "Judges the network beside baselines: metrics.json, metrics.parquet, report.html.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("compare with %s".formatted(config.evaluate().baselines()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.evaluate().withoutGate(), config.decide(), config.split());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs =
        new LinkedHashMap<>(
            context.fingerprints(Stage.SPLIT, Stage.FEATURES, Stage.AUGMENTED, Stage.MODEL));
    importances(context)
        .ifPresent(there -> inputs.putAll(context.fingerprints(Stage.EXPLANATIONS)));
    Champion.version(context, PublishedMetrics.bundle(context.published(Stage.MODEL)))
        .ifPresent(version -> inputs.put(Champion.NAME, version.bundle()));
    return inputs;
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    ModelBundle bundle = context.bundle();
    Label label = BundleLabel.of(bundle);
    Ledger ledger = LedgerReader.ledger(context);
    ledger.check();
    Part testPart = config.split().sameRows() ? Part.TRAIN : Part.TEST;
    boolean validated = ledger.validation() > 0;
    ModelPredictions network =
        ModelPredictions.of(
            PartPredictions.of(context, bundle, testPart, config.evaluate().slices()),
            validated
                ? PartPredictions.of(context, bundle, Part.VALIDATION, config.evaluate().slices())
                : null,
            new FittedDecision(bundle.decision(), TrainStage.decided(context).notes()),
            bundle.positiveIndex());
    List<BaselineResult> baselines =
        Baselines.fit(
            config.evaluate().baselines(),
            new Baselines.Rows(
                new BaselineInput(
                    PartPredictions.unscaled(context.read(Stage.FEATURES), bundle),
                    KEY,
                    PART,
                    LABEL,
                    bundle.preprocessing().groups(),
                    label),
                Part.TRAIN.text(),
                validated ? Part.VALIDATION.text() : null,
                testPart.text()),
            config.decide(),
            config.pipeline().seed());
    Map<String, ModelPredictions> models = new LinkedHashMap<>();
    for (BaselineResult baseline : baselines) {
      models.put(
          baseline.name(),
          baseline.decided(
              config.decide(),
              testPart.text(),
              validated ? Part.VALIDATION.text() : null,
              bundle.positiveIndex()));
    }
    @Nullable Champion inUse = inUse(context, bundle, label, testPart, network.test().rows());
    if (inUse != null && inUse.predictions() != null) {
      models.put(Gate.IN_USE, inUse.predictions());
    }
    Evaluation evaluation =
        Evaluation.of(
            label,
            network,
            models,
            config.evaluate(),
            LedgerReader.byName(ledger),
            config.split().sameRows() ? MeasuredOn.TRAINING_ROWS : MeasuredOn.HELD_OUT_ROWS,
            config.pipeline().seed());
    context.writeFile(attempt.path(), METRICS_FILE, Json.write(evaluation.report()));
    context.write(
        evaluation.report().metricsTable(context.spark()).coalesce(1),
        new Path(attempt.path(), "metrics.parquet"));
    context.writeFile(
        attempt.path(),
        REPORT_FILE,
        new EvaluationPage(context, bundle, evaluation, baselines, ledger, importances(context))
            .html());
    List<String> notes = new ArrayList<>(leftOut(config, bundle));
    StageOutput outcome =
        StageOutput.of(Stage.METRICS, Map.of("rows", evaluation.report().test().rows()));
    if (inUse != null) {
      notes.add(
          "in-use is version %d%s"
              .formatted(
                  inUse.version().version(),
                  inUse.notCompared() == null ? "" : ", not compared: " + inUse.notCompared()));
      outcome = outcome.withFact(Champion.NAME, JobContext.fact(inUse.fact()));
    }
    return new StageResult(List.of(outcome), notes);
  }

  /** The metrics beside those of the baselines, and where the page is. */
  @Override
  public List<String> findings(JobContext context, Published published) {
    Path file = new Path(published.path(), METRICS_FILE);
    MetricsReport report =
        Json.read(
            new String(context.readFile(file), StandardCharsets.UTF_8),
            MetricsReport.class,
            file.toString());
    List<String> lines = new ArrayList<>(HeadlineTable.of(report).lines().toList());
    lines.add("report " + RunFormatting.here(new Path(published.path(), REPORT_FILE)));
    return lines;
  }

  /** The baselines that {@code auto} would compare with, but for the size of the data. */
  static List<String> leftOut(PipelineConfig config, ModelBundle bundle) {
    return Baselines.leftOut(
        config.evaluate().baselines(), BundleLabel.of(bundle), bundle.preprocessing().groups());
  }

  /** The bundle that is in use, on the same rows. */
  private static @Nullable Champion inUse(
      JobContext context, ModelBundle bundle, Label label, Part part, int rows) {
    return Champion.version(context, bundle.id())
        .map(
            version ->
                Champion.of(
                    context,
                    version,
                    PartPredictions.unscaled(
                            context.read(Stage.FEATURES).filter(col(PART).equalTo(part.text())),
                            bundle)
                        .select(KEY, LABEL),
                    rows,
                    label))
        .orElse(null);
  }

  /** What explains the current bundle, if it was measured. */
  private static Optional<Importances> importances(JobContext context) {
    Optional<Published> there = context.run().directory().current(Stage.EXPLANATIONS);
    String model = context.fingerprints(Stage.MODEL).get(Stage.MODEL.directory());
    return there
        .filter(
            published ->
                published
                    .manifest()
                    .key()
                    .inputs()
                    .getOrDefault(Stage.MODEL.directory(), "")
                    .equals(model))
        .map(
            published -> {
              Path file = new Path(published.path(), ExplainStage.IMPORTANCES);
              return Json.read(
                  new String(context.readFile(file), StandardCharsets.UTF_8),
                  Importances.class,
                  file.toString());
            });
  }
}
