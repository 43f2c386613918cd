package sluice.jobs;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.config.PipelineConfig;
import sluice.data.DatasetContract;
import sluice.data.RowKey;
import sluice.data.SparkSchema;
import sluice.ingest.Ingest;
import sluice.ingest.IngestSettings;
import sluice.ingest.Ingested;
import sluice.quality.ColumnProfile;
import sluice.quality.Profile;
import sluice.run.Attempt;
import sluice.run.InputFingerprint;
import sluice.run.Outcome;
import sluice.run.Stage;

/** Source files to {@code raw} and {@code quarantine}. */
final class IngestStage implements StageWork {
  /** The manifest's fact that holds what the columns look like. */
  static final String PROFILE = "profile";

  @Override
  public Stage stage() {
    return Stage.RAW;
  }

  @Override
  public String purpose() {
    return "Reads the source files; what cannot be read goes to quarantine.";
  }

  @Override
  public List<String> plan(PipelineConfig config) {
    return List.of("read %s as %s".formatted(config.ingest().path(), config.ingest().format()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.ingest());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    return Map.of(
        "source", InputFingerprint.ofFiles(source(context).path(), context.hadoop()).sha256());
  }

  @Override
  public Made make(JobContext context, Attempt attempt) {
    Ingested ingested = Ingest.read(context.spark(), source(context));
    context.write(keyed(context, ingested.rows()), attempt.path(Stage.RAW));
    context.write(ingested.quarantined(), attempt.path(Stage.QUARANTINE));
    Dataset<Row> raw = context.read(attempt.path(Stage.RAW));
    Ingested.Counts counts = ingested.check(raw, context.read(attempt.path(Stage.QUARANTINE)));
    long rows = counts.rows();
    long quarantined = counts.quarantined();
    List<ColumnProfile> profile = Profile.of(raw, SparkSchema.contract(raw.schema()));
    return new Made(
        List.of(
            Outcome.of(Stage.RAW, Map.of("rows", rows)).withFact(PROFILE, JobContext.fact(profile)),
            Outcome.of(Stage.QUARANTINE, Map.of("rows", quarantined))),
        List.of("%,d quarantined".formatted(quarantined)));
  }

  private static IngestSettings source(JobContext context) {
    IngestSettings settings = context.config().ingest();
    return settings.withPath(context.dated(settings.path()));
  }

  /** Rows of a dated run meet those of other dates, so their keys say which they are of. */
  private static Dataset<Row> keyed(JobContext context, Dataset<Row> rows) {
    return context
        .run()
        .directory()
        .date()
        .map(date -> rows.withColumn(DatasetContract.KEY, RowKey.dated(date)))
        .orElse(rows);
  }
}
