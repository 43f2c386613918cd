package sluice.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.bundle.ModelBundle;
import sluice.config.PipelineConfig;
import sluice.config.ResolvedConfig;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.ParquetTable;
import sluice.ingest.IngestSettings;
import sluice.normalise.FittedPreprocessing;
import sluice.run.HeldRun;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunFile;
import sluice.run.Stage;

/**
 * What a job runs in. Belongs to the driver and is never serialised.
 *
 * @param spark the session, open until the job has ended
 * @param resolved the configuration, validated, and how it is shown
 * @param run the run directory, held
 * @param rerun what to do about a stage whose output is already there
 * @param clock the time
 * @param progress what the user watches
 */
public record JobContext(
    SparkSession spark,
    ResolvedConfig<PipelineConfig> resolved,
    HeldRun run,
    Rerun rerun,
    InstantSource clock,
    Progress progress) {
  /** The file of the fitted preprocessing beside the features. */
  public static final String PREPROCESSING = "_preprocessing.json";

  /** The configuration. */
  public PipelineConfig config() {
    return resolved.value();
  }

  /** Hadoop's settings, as Spark has them. */
  public Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  /**
   * The current output of a stage.
   *
   * @throws InvalidInput (configuration) if it was never made; says which command makes it
   */
  public Published published(Stage stage) {
    return published(run.directory(), stage);
  }

  private static Published published(RunDirectory run, Stage stage) {
    return run.current(stage)
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "%s: there is no %s yet, run the job %s first"
                        .formatted(run.root(), stage.directory(), stage.command())));
  }

  /** The rows of a stage. */
  public Dataset<Row> read(Stage stage) {
    return read(published(stage).path());
  }

  public Dataset<Row> read(Path path) {
    return ParquetTable.read(spark, path.toString());
  }

  public void write(Dataset<Row> rows, Path path) {
    rows.write().parquet(path.toString());
  }

  /**
   * Writes rows in place of those of a table that they are computed from, which nobody else reads
   * yet.
   */
  public void replace(Dataset<Row> rows, Path path) {
    try {
      FileSystem files = path.getFileSystem(hadoop());
      FileStatus[] before = files.listStatus(path);
      Path aside = new Path(path, "_replacement");
      write(rows, aside);
      for (FileStatus file : before) {
        files.delete(file.getPath(), true);
      }
      for (FileStatus file : files.listStatus(aside)) {
        if (!files.rename(file.getPath(), new Path(path, file.getPath().getName()))) {
          throw new IOException("cannot move " + file.getPath());
        }
      }
      files.delete(aside, true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  /** How many rows of a name the current output of a stage has; 0 if it counts none of it. */
  public long rows(Stage stage, String name) {
    return published(stage).manifest().rows().getOrDefault(name, 0L);
  }

  /**
   * The same work on the run of another date, which it holds.
   *
   * @param other what was made there and would be made the same stays
   */
  JobContext at(HeldRun other) {
    return new JobContext(spark, resolved, other, Rerun.SKIP_UNCHANGED, clock, progress);
  }

  /** What to read, with the run's date in its places. */
  public IngestSettings dated(IngestSettings settings) {
    return run.directory().date().map(settings::at).orElse(settings);
  }

  /** The dates that this run takes rows from besides its own, in their order. */
  List<LocalDate> earlierDates() {
    List<LocalDate> days = config().pipeline().days();
    return days.isEmpty() ? days : days.subList(0, days.size() - 1);
  }

  /**
   * The current outputs of a stage in all the runs that this one takes rows from, by date, its own
   * the last: of itself alone if it has no date.
   *
   * @throws InvalidInput (configuration) if one was never made; says which command makes it
   */
  private Map<String, Published> window(Stage stage) {
    Map<String, Published> window = new LinkedHashMap<>();
    for (LocalDate date : earlierDates()) {
      RunDirectory other = run.directory().at(date);
      window.put(" " + date, published(other, stage));
    }
    window.put(run.directory().date().map(date -> " " + date).orElse(""), published(stage));
    return window;
  }

  /** The rows of a stage in all the runs that this one takes rows from. */
  public Dataset<Row> readWindow(Stage stage) {
    return window(stage).values().stream()
        .map(published -> read(published.path()))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  /** How many rows of each name a stage has in all the runs that this one takes rows from. */
  public Map<String, Long> windowRows(Stage stage) {
    Map<String, Long> rows = new LinkedHashMap<>();
    window(stage)
        .values()
        .forEach(
            published ->
                published.manifest().rows().forEach((name, n) -> rows.merge(name, n, Long::sum)));
    return rows;
  }

  /**
   * Their fingerprints as inputs of another stage, by the stage's name and, in a dated run, the
   * date.
   */
  public Map<String, String> windowFingerprints(Stage stage) {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    window(stage)
        .forEach(
            (date, published) ->
                fingerprints.put(stage.directory() + date, published.manifest().contentDigest()));
    return fingerprints;
  }

  /** What a stage was made from, in all the runs that this one takes rows from. */
  public Map<String, String> windowInputs(Stage stage) {
    Map<String, String> inputs = new LinkedHashMap<>();
    window(stage)
        .forEach(
            (date, published) ->
                published
                    .manifest()
                    .key()
                    .inputs()
                    .forEach((name, fingerprint) -> inputs.put(name + date, fingerprint)));
    return inputs;
  }

  /** The fingerprints of stages by their names, as inputs of another. */
  public Map<String, String> fingerprints(Stage... stages) {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    for (Stage stage : stages) {
      fingerprints.put(stage.directory(), published(stage).manifest().contentDigest());
    }
    return fingerprints;
  }

  /** What was fitted on the train rows. */
  public FittedPreprocessing preprocessing() {
    Path file = new Path(published(Stage.FEATURES).path(), PREPROCESSING);
    return Json.read(
        new String(readFile(file), StandardCharsets.UTF_8),
        FittedPreprocessing.class,
        file.toString());
  }

  /** The current bundle. */
  public ModelBundle bundle() {
    Path path = published(Stage.MODEL).path();
    return ModelBundle.of(
        (name, most) -> RunFile.read(new Path(path, name), hadoop(), most), path.toString());
  }

  /** The content of a file of JSON. */
  public byte[] readFile(Path file) {
    try {
      return RunFile.read(file, hadoop(), ForeignFile.mostText());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  public void writeFile(Path directory, String name, String text) {
    writeFile(directory, name, text.getBytes(StandardCharsets.UTF_8));
  }

  public void writeFile(Path directory, String name, byte[] content) {
    Path file = new Path(directory, name);
    try (FSDataOutputStream out = file.getFileSystem(hadoop()).create(file, true)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** The values of a list that the manifest of a stage's current output keeps; none without it. */
  public <T> List<T> facts(Stage stage, String name, Class<T[]> type) {
    Published there = published(stage);
    JsonNode fact = there.manifest().facts().get(name);
    return fact == null
        ? List.of()
        : List.of(Json.read(fact.toString(), type, there.path() + ": " + name));
  }

  /** A value that the manifest of a stage's current output keeps; nothing without it. */
  public <T> Optional<T> fact(Stage stage, String name, Class<T> type) {
    Published there = published(stage);
    return Optional.ofNullable(there.manifest().facts().get(name))
        .map(fact -> Json.read(fact.toString(), type, there.path() + ": " + name));
  }

  /** A value as a manifest keeps it. */
  public static JsonNode fact(Object value) {
    return Json.tree(Json.write(value), "a fact");
  }
}
