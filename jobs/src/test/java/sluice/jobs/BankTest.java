package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.cli.Main;
import sluice.data.DatasetContract;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * The bank pipeline as a user starts it: submitted to a cluster of a master and two workers, each a
 * process, and locally.
 */
@Tag("server")
final class BankTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private static Path directory;

  @BeforeAll
  static void runBoth() throws Exception {
    String master = script("cluster.sh", "start", "2", "1", "2g");
    List<String> submit = new ArrayList<>(List.of("submit"));
    submit.addAll(arguments("submitted"));
    submit.addAll(List.of("--", "--master", master, "--driver-memory", "1g"));
    script("sluice", submit.toArray(String[]::new));
    stop();
    LocalSpark.session();
    CommandLine.out(arguments("local").toArray(String[]::new));
  }

  @AfterAll
  static void stop() throws Exception {
    script("cluster.sh", "stop");
  }

  @Test
  void everyStageHasTheSameRows() {
    assertThat(rows(submitted())).isEqualTo(rows(local()));
    assertThat(rows(local())).containsKey(Stage.METRICS);
  }

  @Test
  void theFeaturesAreTheSame() {
    assertThat(digest(submitted())).isEqualTo(digest(local())).matches("[0-9a-f]{64}");
  }

  @Test
  void theMetricsAreTheSame() throws IOException {
    JsonNode expected = metrics(local());
    JsonNode actual = metrics(submitted());
    assertThat(expected.fieldNames()).toIterable().contains("accuracy", "f1", "logLoss", "rocAuc");
    assertThat(actual.fieldNames()).toIterable().containsExactlyElementsOf(expected::fieldNames);
    expected
        .fields()
        .forEachRemaining(
            metric ->
                assertThat(actual.get(metric.getKey()).asDouble())
                    .as(metric.getKey())
                    .isCloseTo(metric.getValue().asDouble(), within(0.02)));
  }

  @Test
  void theScorerSaysOfEveryTestRowWhatThePredictJobSays() {
    LocalSpark.session();
    Dataset<Row> test =
        local()
            .rows(Stage.RAW)
            .join(
                local().rows(Stage.SPLIT).filter("_part = 'test'").select(DatasetContract.KEY),
                DatasetContract.KEY)
            .drop(DatasetContract.KEY, DatasetContract.SOURCE, "y");
    Path rows = directory.resolve("test-rows");
    test.write().parquet(rows.toString());
    List<String> predict = new ArrayList<>(arguments("local"));
    predict.set(0, "predict");
    predict.addAll(
        List.of("--set", "predict.source.format=parquet", "--set", "predict.source.path=" + rows));
    assertThat(Main.run(predict.toArray(String[]::new))).isZero();

    List<Row> scored =
        local().rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList();
    assertThat(scored).hasSize(6781);
    Scorer scorer = Scorer.load(local().path(Stage.MODEL));
    List<String> differing = new ArrayList<>();
    for (Row row : scored) {
      Map<String, Object> record = new HashMap<>();
      scorer.columns().forEach(field -> record.put(field.name(), row.getAs(field.name())));
      Prediction inJava = scorer.score(record);
      if (!inJava.equals(prediction(row))) {
        differing.add(
            row.getAs("key") + ": " + prediction(row) + " by the job, " + inJava + " in plain Java");
      }
    }
    assertThat(differing).isEmpty();
  }

  private static Prediction prediction(Row row) {
    List<Float> outputs = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
    return new Prediction.OfClass(
        row.getAs(BatchScorer.PREDICTION),
        row.getAs(BatchScorer.DECISION),
        Map.of("no", outputs.get(0), "yes", outputs.get(1)));
  }

  private static StageOutputs submitted() {
    return new StageOutputs(directory.resolve("submitted/bank"));
  }

  private static StageOutputs local() {
    return new StageOutputs(directory.resolve("local/bank"));
  }

  private static List<String> arguments(String runs) {
    return List.of(
        "run",
        ROOT.resolve("conf/bank.conf").toString(),
        "--set",
        "pipeline.runs-dir=" + directory.resolve(runs),
        "--set",
        "ingest.path=" + ROOT.resolve("data/bank-full.csv"),
        "--set",
        "train.epochs=3",
        "--set",
        "evaluate.baselines=[majority]",
        "--set",
        "explain.repeats=2",
        "--set",
        "explain.max-rows=200");
  }

  private static Map<Stage, Map<String, Long>> rows(StageOutputs run) {
    Map<Stage, Map<String, Long>> rows = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      if (Files.exists(run.run().resolve(stage.directory()))) {
        rows.put(stage, run.published(stage).manifest().rows());
      }
    }
    return rows;
  }

  private static String digest(StageOutputs run) {
    List<String> features = CommandLine.out("path", run.run().toString(), "features");
    return CommandLine.out("digest", features.get(0)).get(0);
  }

  private static JsonNode metrics(StageOutputs run) throws IOException {
    Path file = run.path(Stage.METRICS).resolve("metrics.json");
    return Json.tree(Files.readString(file), file.toString()).get("test");
  }

  /** What a script prints; it must succeed. */
  private static String script(String name, String... arguments) throws Exception {
    Path errors = directory.resolve("errors.txt");
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("scripts/" + name).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(ROOT.toFile()).redirectError(errors.toFile());
    builder.environment().put("SLUICE_CLUSTER_DIR", directory.resolve("cluster").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("%s%n%s%n%s", command, output, Files.readString(errors))
        .isZero();
    return output.strip();
  }
}
