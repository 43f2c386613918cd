package sluice.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
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
import sluice.normalise.FittedPreprocessing;
import sluice.run.HeldRun;
import sluice.run.InputFingerprint;
import sluice.run.Published;
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

  /** The configuration. */
  public PipelineConfig config() {
    return resolved.value();
  }

  /** Hadoop's settings, as Spark has them. */
  Configuration hadoop() {
    return spark.sparkContext().hadoopConfiguration();
  }

  /**
   * The current output of a stage.
   *
   * @throws InvalidInput (configuration) if it was never made; says which command makes it
   */
  Published published(Stage stage) {
    return run.directory()
        .current(stage)
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "%s: there is no %s yet, run the job %s first"
                        .formatted(run.directory().root(), stage.directory(), Jobs.maker(stage))));
  }

  /** The rows of a stage. */
  Dataset<Row> read(Stage stage) {
    return read(published(stage).path());
  }

  Dataset<Row> read(Path path) {
    return ParquetTable.read(spark, path.toString());
  }

  void write(Dataset<Row> rows, Path path) {
    rows.write().parquet(path.toString());
  }

  /** How many rows of a name the current output of a stage has; 0 if it counts none of it. */
  long rows(Stage stage, String name) {
    return published(stage).manifest().rows().getOrDefault(name, 0L);
  }

  /** The fingerprints of stages by their names, as inputs of another. */
  Map<String, String> fingerprints(Stage... stages) {
    Map<String, String> fingerprints = new LinkedHashMap<>();
    for (Stage stage : stages) {
      fingerprints.put(stage.directory(), InputFingerprint.ofStage(published(stage)).sha256());
    }
    return fingerprints;
  }

  /** What was fitted on the train rows. */
  FittedPreprocessing preprocessing() {
    Path file = new Path(published(Stage.FEATURES).path(), NormaliseStage.PREPROCESSING);
    return Json.read(
        new String(readFile(file), StandardCharsets.UTF_8),
        FittedPreprocessing.class,
        file.toString());
  }

  /** The current bundle. */
  ModelBundle bundle() {
    Path path = published(Stage.MODEL).path();
    return ModelBundle.of(
        (name, most) -> RunFile.read(new Path(path, name), hadoop(), most), path.toString());
  }

  /** The content of a file of JSON. */
  byte[] readFile(Path file) {
    try {
      return RunFile.read(file, hadoop(), ForeignFile.mostText());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void writeFile(Path directory, String name, String text) {
    writeFile(directory, name, text.getBytes(StandardCharsets.UTF_8));
  }

  void writeFile(Path directory, String name, byte[] content) {
    Path file = new Path(directory, name);
    try (FSDataOutputStream out = file.getFileSystem(hadoop()).create(file, true)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** The values of a list that the manifest of a stage's current output keeps; none without it. */
  <T> List<T> facts(Stage stage, String name, Class<T[]> type) {
    Published there = published(stage);
    JsonNode fact = there.manifest().facts().get(name);
    return fact == null
        ? List.of()
        : List.of(Json.read(fact.toString(), type, there.path() + ": " + name));
  }

  /** A value that the manifest of a stage's current output keeps; nothing without it. */
  <T> Optional<T> fact(Stage stage, String name, Class<T> type) {
    Published there = published(stage);
    return Optional.ofNullable(there.manifest().facts().get(name))
        .map(fact -> Json.read(fact.toString(), type, there.path() + ": " + name));
  }

  /** A value as a manifest keeps it. */
  static JsonNode fact(Object value) {
    return Json.tree(Json.write(value), "a fact");
  }
}
