package sluice.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.config.PredictSettings;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.data.SplitRows;
import sluice.ingest.Ingest;
import sluice.ingest.IngestSettings;
import sluice.ingest.Ingested;
import sluice.ingest.SourcePaths;
import sluice.normalise.FeatureTable;
import sluice.normalise.Normalise;
import sluice.run.Attempt;
import sluice.run.InputFingerprint;
import sluice.run.Outcome;
import sluice.run.Stage;

/** New raw rows and {@code model} to {@code predictions}. */
final class PredictStage implements StageWork {
  /** The folder of what was scored: key, prediction, probabilities, bundle. */
  static final String SCORED = "scored";

  /** The folder of what was not: source, position, record or key, reason. */
  static final String QUARANTINED = "quarantined";

  @Override
  public Stage stage() {
    return Stage.PREDICTIONS;
  }

  @Override
  public String purpose() {
    return "Scores new rows; what cannot be scored goes to quarantine.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("score %s".formatted(source(config).path()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.ingest(), config.predict());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs = new LinkedHashMap<>();
    if (isInUse(context)) {
      inputs.put(InUse.NAME, InUse.version(context).bundle());
    } else {
      inputs.putAll(context.fingerprints(Stage.MODEL));
    }
    inputs.put(
        "source",
        InputFingerprint.ofFiles(context.dated(source(context.config()).path()), context.hadoop())
            .sha256());
    return inputs;
  }

  @Override
  public Made make(JobContext context, Attempt attempt) {
    ModelBundle bundle =
        isInUse(context) ? InUse.bundle(context, InUse.version(context)) : context.bundle();
    Ingested ingested = Ingest.read(context.spark(), settings(context, bundle.cleaning().input()));
    SplitRows cleaned = bundle.cleaning().apply(ingested.rows());
    SplitRows features = Normalise.apply(bundle.preprocessing(), cleaned.accepted());
    Dataset<Row> scored =
        BatchScorer.score(features.accepted().drop(FeatureTable.LABEL), bundle)
            .withColumn("bundle", lit(bundle.id()));
    Path scoredPath = new Path(attempt.path(), SCORED);
    Path quarantinedPath = new Path(attempt.path(), QUARANTINED);
    context.write(scored, scoredPath);
    context.write(
        unread(ingested.quarantined())
            .unionByName(turnedAway(cleaned.rejected()))
            .unionByName(turnedAway(features.rejected())),
        quarantinedPath);
    long rows = context.read(scoredPath).count();
    long quarantined = context.read(quarantinedPath).count();
    return new Made(
        List.of(Outcome.of(Stage.PREDICTIONS, Map.of(SCORED, rows, QUARANTINED, quarantined))),
        List.of(
            "%,d rows scored with bundle %s, %,d quarantined"
                .formatted(rows, bundle.id(), quarantined)));
  }

  private static boolean isInUse(JobContext context) {
    return context.config().predict().bundle() == PredictSettings.Bundle.IN_USE;
  }

  private static PredictSettings.Source source(PipelineConfig config) {
    PredictSettings.Source source = config.predict().source();
    if (source == null) {
      throw InvalidInput.configuration("predict.source must say which files to score, got none");
    }
    return source;
  }

  private static IngestSettings settings(JobContext context, DatasetContract contract) {
    PredictSettings.Source source = source(context.config());
    String format = source.format();
    IngestSettings ingest = context.config().ingest();
    String sourceColumn = ingest.sourceColumn();
    return new IngestSettings(
        format == null ? ingest.format() : format,
        SourcePaths.of(context.dated(source.path())),
        format == null && source.options().isEmpty() ? ingest.options() : source.options(),
        (sourceColumn == null ? contract : contract.without(sourceColumn)).ddl(),
        ingest.maxQuarantined(),
        ingest.key(),
        sourceColumn);
  }

  private static Dataset<Row> unread(Dataset<Row> quarantined) {
    return quarantined.select(
        lit(null).cast("string").as("key"),
        col(DatasetContract.SOURCE).as("source"),
        col("_position").as("position"),
        col("_record").as("record"),
        col("_reason").as("reason"));
  }

  private static Dataset<Row> turnedAway(Dataset<Row> rejected) {
    return rejected.select(
        col(DatasetContract.KEY).as("key"),
        col(DatasetContract.SOURCE).as("source"),
        lit(null).cast("bigint").as("position"),
        lit(null).cast("string").as("record"),
        col("_reason").as("reason"));
  }
}
