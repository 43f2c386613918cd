package sluice.stages;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.config.PredictSettings;
import sluice.data.DatasetContract;
import sluice.data.Field;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.evaluation.MetricsFile;
import sluice.ingest.IngestSettings;
import sluice.jobs.JobContext;
import sluice.jobs.StageResult;
import sluice.jobs.StageWork;
import sluice.run.Attempt;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.run.StageOutput;

/** New raw rows and {@code model} to {@code predictions}. */
public final class PredictStage implements StageWork {
  /** The folder of what was scored: the input's columns, where they are from, the prediction. */
  public static final String SCORED = "scored";

  /** The folder of what was not: key, source, position, record, reason. */
  public static final String QUARANTINED = "quarantined";

  /** The manifest's fact that holds how many rows were measured: of several labels the most. */
  static final String MEASURED = "measured";

  /** The manifest's fact that holds what is said of the output. */
  private static final String FINDINGS = "findings";

  private static final int SHOWN_REASONS = 3;

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
    return List.of("score %s".formatted(toScore(config).where()));
  }

  @Override
  public List<Object> settings(PipelineConfig config) {
    return config.predict().measure()
        ? List.of(
            config.ingest(), config.predict(), config.clean(), config.evaluate().withoutGate())
        : List.of(config.ingest(), config.predict());
  }

  @Override
  public Map<String, String> inputs(JobContext context) {
    Map<String, String> inputs = new LinkedHashMap<>();
    if (isInUse(context)) {
      inputs.put(Champion.NAME, Champion.version(context).bundle());
    } else {
      inputs.putAll(context.fingerprints(Stage.MODEL));
    }
    IngestSettings source = context.dated(toScore(context.config()));
    inputs.putAll(source.format().fingerprints(context.spark(), source));
    return inputs;
  }

  @Override
  public StageResult make(JobContext context, Attempt attempt) {
    PredictSettings predict = context.config().predict();
    ModelBundle bundle =
        isInUse(context) ? Champion.bundle(context, Champion.version(context)) : context.bundle();
    if (context.spark().sparkContext().isLocal()) {
      // Elsewhere the driver scores nothing, and need not have the files of those that do.
      bundle.preprocessing().requireFiles();
    }
    @Nullable Measurement measurement =
        predict.measure()
            ? Measurement.of(context.config(), source(context.config()), bundle)
            : null;
    Scoring scoring =
        Scoring.of(context.spark(), source(context, bundle, measurement), bundle, context.config());
    return scoring.presence().during(() -> scored(context, attempt, scoring, measurement));
  }

  private static StageResult scored(
      JobContext context, Attempt attempt, Scoring scoring, @Nullable Measurement measurement) {
    PredictSettings predict = context.config().predict();
    Dataset<Row> predictions = scoring.scored();
    // A column's name is told before anything is scored.
    scoring.output(predictions);
    Path scoredPath = new Path(attempt.path(), SCORED);
    Path quarantinedPath = new Path(attempt.path(), QUARANTINED);
    // What is checked is what was computed once: rows are scored into Parquet, whatever follows.
    Path tables = new Path(attempt.path(), "_tables");
    Dataset<Row> scored = stored(context, predictions, new Path(tables, SCORED));
    Dataset<Row> quarantined =
        stored(context, scoring.quarantined(), new Path(tables, QUARANTINED));
    long rows = scored.count();
    long unscored = quarantined.count();
    List<String> reasons = reasons(quarantined);
    checkShare(rows, unscored, predict.maxUnscored(), reasons);
    scoring.checkKeys(scored, quarantined);
    List<String> notes = new ArrayList<>(scoring.notes().get());
    notes.add(
        String.format(
            Locale.ROOT,
            "%,d rows scored with bundle %s, %,d quarantined",
            rows,
            scoring.bundle().id(),
            unscored));
    if (!scoring.reserved().isEmpty()) {
      notes.add(
          "left out, since names that are blank or begin with an underscore are reserved: columns "
              + scoring.reserved());
    }
    List<String> lines = new ArrayList<>();
    lines.add("scored rows: " + scoredPath);
    if (unscored > 0) {
      lines.add("quarantined rows: " + quarantinedPath);
      reasons.forEach(reason -> lines.add("  " + reason));
    }
    TableFiles.write(scoring.output(scored), scoredPath, predict.format());
    TableFiles.write(scoring.unscored(quarantined), quarantinedPath, predict.format());
    StageOutput outcome =
        StageOutput.of(Stage.PREDICTIONS, Map.of(SCORED, rows, QUARANTINED, unscored));
    if (measurement != null) {
      MetricsFile metrics = measurement.metrics(context, scoring, scored);
      context.writeFile(attempt.path(), EvaluateStage.METRICS_FILE, metrics.json());
      lines.addAll(Measurement.lines(metrics));
      lines.addAll(measurement.unlearnt(scoring, scored));
      outcome =
          outcome.withFact(
              MEASURED,
              JobContext.fact(
                  metrics.reports().stream()
                      .mapToLong(report -> report.test().rows())
                      .max()
                      .orElseThrow()));
    }
    delete(context, tables);
    return new StageResult(List.of(outcome.withFact(FINDINGS, JobContext.fact(lines))), notes);
  }

  /** Where the rows lie, why some have no prediction, and what was measured. */
  @Override
  public List<String> findings(JobContext context, Published published) {
    JsonNode fact = published.manifest().facts().get(FINDINGS);
    return fact == null
        ? List.of()
        : List.of(Json.read(fact.toString(), String[].class, published.path() + ": " + FINDINGS));
  }

  private static Dataset<Row> stored(JobContext context, Dataset<Row> rows, Path path) {
    context.write(rows, path);
    return context.read(path);
  }

  private static void delete(JobContext context, Path path) {
    try {
      path.getFileSystem(context.hadoop()).delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }

  /** The most frequent reasons, each with how many rows it is of. */
  private static List<String> reasons(Dataset<Row> quarantined) {
    return quarantined
        .groupBy(col("reason"))
        .count()
        .orderBy(col("count").desc(), col("reason"))
        .limit(SHOWN_REASONS)
        .collectAsList()
        .stream()
        .map(row -> String.format(Locale.ROOT, "%,d: %s", row.getLong(1), row.getString(0)))
        .toList();
  }

  private static void checkShare(long rows, long unscored, double most, List<String> reasons) {
    long read = rows + unscored;
    double share = read == 0 ? 0 : (double) unscored / read;
    if (share > most) {
      List<String> problems = new ArrayList<>();
      problems.add(
          String.format(
              Locale.ROOT,
              "predict: at most a share of %s of the rows may be unscored (predict.max-unscored), got %.4g: %d of %d",
              most,
              share,
              unscored,
              read));
      problems.addAll(reasons);
      throw InvalidInput.data(problems);
    }
  }

  private static boolean isInUse(JobContext context) {
    return context.config().predict().bundle() == PredictSettings.Bundle.IN_USE;
  }

  private static PredictSettings.SourceSettings source(PipelineConfig config) {
    PredictSettings.SourceSettings source = config.predict().source();
    if (source == null) {
      throw InvalidInput.configuration("predict.source must say which files to score, got none");
    }
    return source;
  }

  /** Where the rows to score are; which of their columns are needed depends on the bundle. */
  private static IngestSettings toScore(PipelineConfig config) {
    return source(config).over(config.ingest(), config.ingest().contract());
  }

  /** The rows to score, with the columns that it takes: for scoring, the key and the label. */
  private static IngestSettings source(
      JobContext context, ModelBundle bundle, @Nullable Measurement measurement) {
    PredictSettings.SourceSettings source = source(context.config());
    IngestSettings ingest = context.config().ingest();
    DatasetContract needed = bundle.needed().input();
    List<String> problems = new ArrayList<>();
    List<Field> more = new ArrayList<>();
    String key = ingest.key();
    if (key != null) {
      more.add(new Field(key, ingest.contract().type(key)));
    }
    if (measurement != null) {
      more.addAll(measurement.columns());
    }
    for (Field field : more) {
      if (needed.has(field.name()) && needed.type(field.name()) != field.type()) {
        problems.add(
            "ingest.schema: column %s must be %s as bundle %s has it, got %s"
                .formatted(
                    field.name(),
                    needed.type(field.name()).ddl(),
                    bundle.id(),
                    field.type().ddl()));
      }
      needed = needed.with(field.name(), field.type());
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    @Nullable String sourceColumn = ingest.sourceColumn();
    if (sourceColumn != null) {
      // It is no column of the files: what reads them makes it.
      needed = needed.without(sourceColumn);
    }
    return context.dated(source.over(ingest, needed));
  }
}
