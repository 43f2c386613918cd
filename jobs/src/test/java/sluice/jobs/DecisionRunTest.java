package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Decimal;
import sluice.data.Json;
import sluice.decision.Calibration;
import sluice.run.Stage;
import sluice.stages.PredictStage;
import sluice.stages.TrainStage;
import sluice.testing.LocalSpark;

/** A threshold and a calibration, from the configuration to what is predicted. */
class DecisionRunTest {
  private static final String[] BEST_F1 = {
    "--set", "decide.threshold=best-f1", "--set", "decide.calibrate=temperature"
  };

  /** Trained for so long that probabilities tell: one row in three is positive. */
  private static final List<String> TRAINED =
      List.of("--set", "train.epochs=60", "--set", "train.updater.learning-rate=0.01");

  private static List<String> run(TinyRun tiny, String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, tiny.configuration().toString()));
    arguments.addAll(TRAINED);
    arguments.addAll(Arrays.asList(options));
    return CommandLine.out(arguments.toArray(String[]::new));
  }

  @Test
  void isLearnedAfterTrainingStoredAndUsedEverywhere(@TempDir Path directory) throws Exception {
    SparkContext spark = LocalSpark.session().sparkContext();
    Rounds rounds = new Rounds();
    spark.addSparkListener(rounds);
    TinyRun tiny = TinyRun.write(directory);
    run(tiny, "run");
    assertThat(rounds.since(spark)).isPositive();
    StageOutputs outputs = tiny.outputs();
    assertThat(fact(outputs, TrainStage.CONVERGENCE).at("/converged").isBoolean()).isTrue();
    assertThat(fact(outputs, TrainStage.SPEED).at("/examplesPerSecond").asDouble()).isPositive();
    ModelBundle plain = ModelBundle.load(outputs.path(Stage.MODEL));
    double recallAtOneHalf = metrics(outputs).at("/test/recall").asDouble();

    List<String> lines = run(tiny, "run", BEST_F1);
    assertThat(rounds.since(spark)).as("rounds after a change of decide alone").isZero();
    spark.removeSparkListener(rounds);
    assertThat(fact(outputs, TrainStage.CONVERGENCE).at("/converged").isBoolean()).isTrue();
    assertThat(fact(outputs, TrainStage.SPEED).isMissingNode()).isTrue();
    ModelBundle bundle = ModelBundle.load(outputs.path(Stage.MODEL));
    double threshold = bundle.decisions().get(0).threshold();
    assertThat(bundle.parameters()).isEqualTo(plain.parameters());
    assertThat(bundle.id()).isNotEqualTo(plain.id());
    assertThat(bundle.decisions().get(0).calibration()).isInstanceOf(Calibration.Temperature.class);
    assertThat(threshold).isBetween(0.1, 0.49);
    assertThat(lines).anyMatch(line -> line.contains("decides by: temperature "));

    JsonNode metrics = metrics(outputs);
    assertThat(metrics.at("/decisions/network/threshold").asDouble()).isEqualTo(threshold);
    assertThat(metrics.at("/decisions/majority/calibration").asText()).startsWith("temperature ");
    assertThat(metrics.at("/test/recall").asDouble()).isGreaterThan(recallAtOneHalf);
    String page = Files.readString(outputs.path(Stage.METRICS).resolve("report.html"));
    assertThat(page)
        .contains(
            "Thresholds: what each would come to on the validation rows",
            "network before calibration");

    predictionsAreThoseOfTheMetricsAndOfTheScorer(tiny, outputs, metrics, threshold);
  }

  /** Counts the Spark jobs that are rounds of training. */
  private static final class Rounds extends SparkListener {
    private final AtomicInteger started = new AtomicInteger();

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      Properties own = job.properties();
      String said = own == null ? "" : own.getProperty("spark.job.description", "");
      if (said.matches("train: epoch \\d+, minibatches .*")) {
        started.incrementAndGet();
      }
    }

    /** How many there were since it was last asked. */
    int since(SparkContext spark) throws TimeoutException {
      spark.listenerBus().waitUntilEmpty();
      return started.getAndSet(0);
    }
  }

  private static JsonNode fact(StageOutputs outputs, String name) {
    JsonNode fact = outputs.published(Stage.MODEL).manifest().facts().get(name);
    return fact == null ? MissingNode.getInstance() : fact;
  }

  /** The test part, by the job, which measures it, and in plain Java. */
  private static void predictionsAreThoseOfTheMetricsAndOfTheScorer(
      TinyRun tiny, StageOutputs outputs, JsonNode metrics, double threshold) throws IOException {
    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    StringBuilder csv = new StringBuilder("a,b,label\n");
    List<String> alone = new ArrayList<>();
    long found = 0;
    long right = 0;
    long positives = 0;
    long beyondTheMostProbable = 0;
    for (Row row : outputs.rows(Stage.SPLIT).where("_part = 'test'").collectAsList()) {
      double a = row.<Double>getAs("a");
      double b = row.<Double>getAs("b");
      csv.append("%s,%s,%s\n".formatted(a, b, row.<String>getAs("label")));
      Prediction.OfClass said = (Prediction.OfClass) scorer.score(Map.of("a", a, "b", b));
      float[] probabilities = {
        said.probabilities().getOrDefault("no", Float.NaN),
        said.probabilities().getOrDefault("yes", Float.NaN)
      };
      alone.add(text(said.predicted(), said.decision(), probabilities[0], probabilities[1]));
      boolean yes = said.decision().equals("yes");
      assertThat(yes).isEqualTo(probabilities[1] >= threshold);
      boolean truth = row.<String>getAs("label").equals("yes");
      found += yes ? 1 : 0;
      positives += truth ? 1 : 0;
      right += yes && truth ? 1 : 0;
      beyondTheMostProbable += said.decision().equals(said.predicted()) ? 0 : 1;
    }
    assertThat(beyondTheMostProbable).isPositive();
    assertThat(metrics.at("/test/f1").asDouble())
        .isCloseTo(2.0 * right / (found + positives), within(1e-12));

    Path rows = Files.writeString(tiny.configuration().resolveSibling("new.csv"), csv);
    List<String> options = new ArrayList<>(Arrays.asList(BEST_F1));
    options.addAll(
        List.of("--set", "predict.source.path=" + rows, "--set", "predict.measure=true"));
    List<String> lines = run(tiny, "predict", options.toArray(String[]::new));
    JsonNode measured =
        Json.tree(
            Files.readString(outputs.path(Stage.PREDICTIONS).resolve("metrics.json")),
            "metrics.json");
    assertThat(measured.at("/test/f1")).isEqualTo(metrics.at("/test/f1"));
    assertThat(measured.at("/test/ece").asDouble())
        .isCloseTo(metrics.at("/test/ece").asDouble(), within(1e-12));
    assertThat(measured.at("/decisions/network")).isEqualTo(metrics.at("/decisions/network"));
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith(
                    "decided by network threshold %s, temperature "
                        .formatted(Decimal.rounded(threshold))));
    List<String> byJob = new ArrayList<>();
    for (Row row : outputs.rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList()) {
      List<Float> said = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
      byJob.add(
          text(
              row.getAs(BatchScorer.PREDICTION),
              row.getAs(BatchScorer.DECISION),
              said.get(0),
              said.get(1)));
    }
    assertThat(byJob).containsExactlyInAnyOrderElementsOf(alone);
  }

  private static String text(String predicted, String decision, float no, float yes) {
    return "%s %s %s %s".formatted(predicted, decision, no, yes);
  }

  @Test
  void whatCannotBeDecidedIsRefusedBeforeAnythingIsRead(@TempDir Path directory)
      throws IOException {
    TinyRun tiny = TinyRun.write(directory);
    assertThat(
            CommandLine.of(
                    "validate",
                    tiny.configuration().toString(),
                    "--set",
                    "split.by=none",
                    "--set",
                    "split.stratify-by=null",
                    "--set",
                    "decide.threshold=best-mcc",
                    "--set",
                    "decide.calibrate=isotonic")
                .err())
        .anyMatch(
            line ->
                line.contains(
                    "decide.threshold must be a number without a validation part, got best-mcc"
                        + " with split.by = none"))
        .anyMatch(
            line ->
                line.contains(
                    "decide.calibrate must be none without a validation part, got isotonic with"
                        + " split.by = none"));
    assertThat(
            CommandLine.of(
                    "validate",
                    tiny.configuration().toString(),
                    "--set",
                    "normalise.label.type=number",
                    "--set",
                    "normalise.label.column=a",
                    "--set",
                    "normalise.label.positive=null",
                    "--set",
                    "split.stratify-by=null",
                    "--set",
                    "decide={threshold={type=at-recall,value=0.9}}")
                .err())
        .anyMatch(
            line ->
                line.contains(
                    "decide.threshold must be 0.5 without a label of two classes, got at-recall 0.9"
                        + " with normalise.label.type = number"));
  }

  private static JsonNode metrics(StageOutputs outputs) throws IOException {
    return Json.tree(
        Files.readString(outputs.path(Stage.METRICS).resolve("metrics.json")), "metrics.json");
  }
}
