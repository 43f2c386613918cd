package sluice.stages;

import java.util.ArrayList;
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
import sluice.ingest.Sources;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.quality.ColumnProfile;
import sluice.quality.Profile;
import sluice.run.Attempt;
import sluice.run.Stage;
import sluice.run.StageOutput;

/** A source to {@code raw} and {@code quarantine}. */
public final class IngestStage implements StageWork {
  /** The manifest's fact that holds what the columns look like. */
  static final String PROFILE = "profile";

  /** The manifest's fact that holds what a user should know of the files. */
  static final String NOTES = "notes";

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
    return List.of(
        "read %s as %s"
            .formatted(config.ingest().where(), Sources.TYPES.name(config.ingest().format())));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return List.of(config.ingest());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    IngestSettings settings = source(context);
    return settings.format().fingerprints(context.spark(), settings);
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    Ingested ingested = Ingest.read(context.spark(), source(context));
    write(context, ingested, attempt);
    Dataset<Row> raw = context.read(attempt.path(Stage.RAW));
    Dataset<Row> quarantine = context.read(attempt.path(Stage.QUARANTINE));
    Ingested.Counts counts = ingested.check(raw, quarantine);
    long rows = counts.rows();
    long quarantined = counts.quarantined();
    List<ColumnProfile> profile = Profile.of(raw, SparkSchema.contract(raw.schema()));
    List<String> lines = new ArrayList<>();
    lines.add("%,d quarantined".formatted(quarantined));
    if (quarantined > 0) {
      ingested.reasons(quarantine, 1).stream()
          // Of a file that is damaged as a whole the notes tell already.
          .filter(reason -> ingested.notes().stream().noneMatch(note -> note.endsWith(reason)))
          .forEach(reason -> lines.add("the first: " + reason));
    }
    lines.addAll(ingested.notes());
    return new StageResult(
        List.of(
            StageOutput.of(Stage.RAW, LedgerReader.withParts(Map.of("rows", rows), raw, ""))
                .withFact(PROFILE, JobContext.fact(profile))
                .withFact(NOTES, JobContext.fact(ingested.notes())),
            StageOutput.of(
                Stage.QUARANTINE,
                LedgerReader.withParts(Map.of("rows", quarantined), quarantine, ""))),
        lines);
  }

  /** A file can vanish between the listing and the end of the reading. */
  private static void write(JobContext context, Ingested ingested, Attempt attempt) {
    try {
      context.write(keyed(context, ingested.rows()), attempt.path(Stage.RAW));
      if (context.config().ingest().key() == null) {
        RowKey.number(
            context.read(attempt.path(Stage.RAW)),
            numbered -> context.replace(numbered, attempt.path(Stage.RAW)));
      }
      context.write(ingested.quarantined(), attempt.path(Stage.QUARANTINE));
    } catch (Exception e) {
      ingested.requireFiles();
      throw e;
    }
  }

  private static IngestSettings source(JobContext context) {
    return context.dated(context.config().ingest());
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
