package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.cli.Main;
import sluice.data.DatasetContract;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.stages.PredictStage;
import sluice.testing.LocalSpark;

/**
 * The bank pipeline as a user starts it, on a tenth of the calls: submitted to a cluster, where two
 * executors of a core and a GPU each share the work, and in this process.
 *
 * @param directory that holds both
 * @param log what the submitted one said
 */
record BankRuns(Path directory, String log) {
  private static final int TENTH = 10;
  private static final int TEST_ROWS = 678;

  /** Makes both. */
  static BankRuns make(TestCluster cluster, Path directory) throws Exception {
    cluster.scripts(Map.of()).output("data.sh", "bank-full");
    List<String> calls = Files.readAllLines(Scripts.ROOT.resolve("data/bank-full.csv"));
    List<String> tenth = new ArrayList<>(List.of(calls.get(0)));
    for (int i = 1; i < calls.size(); i += TENTH) {
      tenth.add(calls.get(i));
    }
    Files.write(calls(directory), tenth);
    Scripts.Said said =
        cluster
            .scripts(Map.of())
            .run(cluster.submit(arguments(directory, "submitted"), TestCluster.gpu()));
    assertThat(said.code()).as(said.errors()).isZero();
    BankRuns bank = new BankRuns(directory, said.errors());
    LocalSpark.session();
    CommandLine.out(arguments(directory, "local").toArray(String[]::new));
    return bank;
  }

  private static Path calls(Path directory) {
    return directory.resolve("bank.csv");
  }

  StageOutputs submitted() {
    return new StageOutputs(directory.resolve("submitted/bank"));
  }

  StageOutputs local() {
    return new StageOutputs(directory.resolve("local/bank"));
  }

  void assertSameMetrics() throws IOException {
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

  /** The scorer says of every test row what the predict job says. */
  void assertScorerEqualsPredictJob() {
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
    List<String> predict = new ArrayList<>(arguments(directory, "local"));
    predict.set(0, "predict");
    predict.addAll(
        List.of("--set", "predict.source.format=parquet", "--set", "predict.source.path=" + rows));
    assertThat(Main.run(predict.toArray(String[]::new))).isZero();

    List<Row> scored = local().rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList();
    assertThat(scored).hasSize(TEST_ROWS);
    Scorer scorer = Scorer.load(local().path(Stage.MODEL));
    List<String> differing = new ArrayList<>();
    for (Row row : scored) {
      Map<String, Object> record = new HashMap<>();
      scorer.columns().forEach(field -> record.put(field.name(), row.getAs(field.name())));
      Prediction inJava = scorer.score(record);
      if (!inJava.equals(prediction(row))) {
        differing.add(
            row.getAs("key")
                + ": "
                + prediction(row)
                + " by the job, "
                + inJava
                + " in plain Java");
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

  private static List<String> arguments(Path directory, String runs) {
    return List.of(
        "run",
        Scripts.ROOT.resolve("conf/bank.conf").toString(),
        "--set",
        "pipeline.runs-dir=" + directory.resolve(runs),
        "--set",
        "ingest.path=" + calls(directory),
        "--set",
        "train.epochs=3",
        "--set",
        "evaluate.baselines=[majority]",
        "--set",
        "explain.repeats=2",
        "--set",
        "explain.max-rows=200",
        "--set",
        "spark.spark.sql.shuffle.partitions=2");
  }

  static Map<Stage, Map<String, Long>> rows(StageOutputs run) {
    Map<Stage, Map<String, Long>> rows = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      // Checkpoints have a directory and nothing that is published.
      if (Files.exists(run.run().resolve(stage.leader().directory()).resolve("_current.json"))) {
        rows.put(stage, run.published(stage).manifest().rows());
      }
    }
    return rows;
  }

  static String digest(StageOutputs run) {
    List<String> features = CommandLine.out("path", run.run().toString(), "features");
    return CommandLine.out("digest", features.get(0)).get(0);
  }

  private static JsonNode metrics(StageOutputs run) throws IOException {
    Path file = run.path(Stage.METRICS).resolve("metrics.json");
    return Json.tree(Files.readString(file), file.toString()).get("test");
  }
}
