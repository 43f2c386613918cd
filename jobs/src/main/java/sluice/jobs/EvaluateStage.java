package sluice.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleLabel;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.Json;
import sluice.evaluation.BaselineResult;
import sluice.evaluation.Baselines;
import sluice.evaluation.Evaluation;
import sluice.evaluation.FeatureTable;
import sluice.evaluation.Gate;
import sluice.evaluation.HeadlineTable;
import sluice.evaluation.Label;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.PredictionRows;
import sluice.evaluation.Predictions;
import sluice.evaluation.Task;
import sluice.explanation.Importances;
import sluice.normalise.NumberLabel;
import sluice.run.Attempt;
import sluice.run.Ledger;
import sluice.run.Outcome;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.split.Part;

/** {@code model} and {@code features} to {@code metrics}: the judgement, beside baselines. */
final class EvaluateStage implements StageWork {
  private static final String KEY = sluice.normalise.FeatureTable.KEY;
  private static final String PART = sluice.normalise.FeatureTable.PART;

  /** What holds the metrics. */
  static final String METRICS_FILE = "metrics.json";

  /** The page. */
  private static final String REPORT_FILE = "report.html";

  private static final String TRUTH = "_truth";
  private static final String PREDICTED = "_prediction";
  private static final String PROBABILITIES = "_probabilities";
  private static final String LABEL = sluice.normalise.FeatureTable.LABEL;

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
    return List.of(config.evaluate().withoutGate(), config.split());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs =
        new LinkedHashMap<>(
            context.fingerprints(Stage.SPLIT, Stage.FEATURES, Stage.AUGMENTED, Stage.MODEL));
    importances(context)
        .ifPresent(there -> inputs.putAll(context.fingerprints(Stage.EXPLANATIONS)));
    InUse.version(context, Judgement.bundle(context.published(Stage.MODEL)))
        .ifPresent(version -> inputs.put(InUse.NAME, version.bundle()));
    return inputs;
  }

  @Override
  public Made make(JobContext context, Attempt attempt) {
    PipelineConfig config = context.config();
    ModelBundle bundle = context.bundle();
    Label label = BundleLabel.of(bundle);
    Ledger ledger = Accounts.ledger(context);
    ledger.check();
    String testPart = (config.split().sameRows() ? Part.TRAIN : Part.TEST).text();
    Predictions test = predictions(context, bundle, label, testPart);
    boolean validated = ledger.validation() > 0;
    @Nullable Predictions validation =
        validated ? predictions(context, bundle, label, Part.VALIDATION.text()) : null;
    List<BaselineResult> baselines =
        Baselines.fit(
            config.evaluate().baselines(),
            new FeatureTable(
                unscaled(context.read(Stage.FEATURES), bundle),
                KEY,
                PART,
                LABEL,
                bundle.preprocessing().groups(),
                label),
            Part.TRAIN.text(),
            List.of(testPart),
            config.pipeline().seed());
    Map<String, Predictions> baselinePredictions = new LinkedHashMap<>();
    for (BaselineResult baseline : baselines) {
      Predictions predicted = baseline.predictions().get(testPart);
      if (predicted != null) {
        baselinePredictions.put(baseline.name(), predicted);
      }
    }
    @Nullable InUse inUse = inUse(context, bundle, label, testPart, test.rows());
    if (inUse != null && inUse.predictions() != null) {
      baselinePredictions.put(Gate.IN_USE, inUse.predictions());
    }
    Evaluation evaluation =
        Evaluation.of(
            label,
            test,
            validation,
            baselinePredictions,
            config.evaluate(),
            Accounts.byName(ledger),
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
    List<String> notes = new ArrayList<>();
    Outcome outcome = Outcome.of(Stage.METRICS, Map.of("rows", evaluation.report().test().rows()));
    if (inUse != null) {
      notes.add(
          "in-use is version %d%s"
              .formatted(
                  inUse.version().version(),
                  inUse.notCompared() == null ? "" : ", not compared: " + inUse.notCompared()));
      outcome = outcome.withFact(InUse.NAME, JobContext.fact(inUse.fact()));
    }
    return new Made(List.of(outcome), notes);
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
    lines.add("report " + RunText.here(new Path(published.path(), REPORT_FILE)));
    return lines;
  }

  /** The bundle that is in use, on the same rows. */
  private static @Nullable InUse inUse(
      JobContext context, ModelBundle bundle, Label label, String part, int rows) {
    return InUse.version(context, bundle.id())
        .map(
            version ->
                InUse.of(
                    context,
                    version,
                    unscaled(context.read(Stage.FEATURES).filter(col(PART).equalTo(part)), bundle)
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

  private static Predictions predictions(
      JobContext context, ModelBundle bundle, Label label, String part) {
    List<String> slices = context.config().evaluate().slices();
    Dataset<Row> rows =
        unscaled(context.read(Stage.FEATURES).filter(col(PART).equalTo(part)), bundle);
    // A raw column's name never begins with an underscore: slices keep theirs beside ours.
    Dataset<Row> scored =
        BatchScorer.score(rows, bundle)
            .withColumnRenamed(KEY, DatasetContract.KEY)
            .withColumnRenamed(LABEL, TRUTH)
            .withColumnRenamed(BatchScorer.PREDICTION, PREDICTED)
            .withColumnRenamed(BatchScorer.PROBABILITIES, PROBABILITIES)
            .drop(PART);
    if (!slices.isEmpty()) {
      List<Column> columns = new ArrayList<>();
      columns.add(col(DatasetContract.KEY));
      slices.forEach(slice -> columns.add(Columns.named(slice)));
      scored =
          scored.join(
              context.read(Stage.SPLIT).select(columns.toArray(Column[]::new)),
              DatasetContract.KEY);
    }
    return label.task() == Task.REGRESSION
        ? PredictionRows.numbers(scored, DatasetContract.KEY, TRUTH, PREDICTED, slices)
        : PredictionRows.classes(
            scored, DatasetContract.KEY, TRUTH, PROBABILITIES, slices, label.classes().size());
  }

  /** A number label on the scale that it was read with, as predictions are. */
  private static Dataset<Row> unscaled(Dataset<Row> features, ModelBundle bundle) {
    return bundle.preprocessing().label() instanceof NumberLabel number
        ? features.withColumn(
            LABEL, col(LABEL).cast("double").multiply(lit(number.std())).plus(lit(number.mean())))
        : features;
  }
}
