package sluice.jobs;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * A price, whether a house was sold, and its kind, learnt together from two numbers and a town.
 * Each label is missing in some rows, and in a few all are.
 */
final class SeveralLabelsTest {
  private static final int ROWS = 900;
  private static final int UNLABELLED = 9;

  private static Path dir = Path.of("");

  @BeforeAll
  static void run(@TempDir Path directory) throws IOException {
    dir = directory;
    LocalSpark.session();
    Random random = new Random(3);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double size = random.nextGaussian();
      double age = random.nextGaussian();
      int town = random.nextInt(4);
      double price = 300 + 80 * size - 30 * age + 20 * town + 5 * random.nextGaussian();
      String sold = size + (town - 1.5) + 0.2 * random.nextGaussian() > 0 ? "yes" : "no";
      String kind = age > 0.5 ? "farm" : size > 0 ? "house" : "flat";
      boolean none = i < UNLABELLED;
      rows.add(
          String.format(
              Locale.ROOT,
              "%.4f,%.4f,town%d,%s,%s,%s",
              size,
              age,
              town,
              none || i % 5 == 0 ? "" : String.format(Locale.ROOT, "%.2f", price),
              none || i % 7 == 0 ? "" : sold,
              none || i % 3 == 0 ? "" : kind));
    }
    String head = "size,age,town,price,sold,kind\n";
    Files.writeString(dir.resolve("houses.csv"), head + String.join("\n", rows) + "\n");
    List<String> fresh = new ArrayList<>(rows.subList(0, 60));
    // No price can be read in it, but its kind can.
    fresh.set(11, fresh.get(11).replaceFirst("^([^,]*,[^,]*,[^,]*),[^,]*", "$1,n/a"));
    Files.writeString(dir.resolve("new.csv"), head + String.join("\n", fresh) + "\n");
    Files.writeString(
        dir.resolve("houses.conf"),
        """
        pipeline { name = houses, seed = 7, runs-dir = "%1$s/runs" }
        ingest {
          format = csv, path = "%1$s/houses.csv", options { header = true }
          schema = "size DOUBLE, age DOUBLE, town STRING, price DOUBLE, sold STRING, kind STRING"
        }
        split { train = 0.6, validation = 0.2, test = 0.2 }
        normalise {
          label = [
            { column = price, type = number }
            { column = sold, positive = yes }
            { column = kind }
          ]
          features = [
            { columns = [size, age], steps = [standardise] }
            { columns = [town], steps = [index] }
          ]
        }
        model {
          type = network
          inputs.columns = { type = mlp, hidden = [32], dropout = 0.0, embeddings { dimension = 4 } }
          outputs { price { hidden = [16] }, kind { weight = 0.5 } }
          l2 = 0
        }
        train {
          epochs = 20, batch-size = 16, logical-workers = 2, averaging-frequency = 8
          class-weights = balanced
          early-stopping { metric = sold.roc-auc, patience = 0 }
        }
        decide { threshold = best-f1, calibrate = temperature }
        evaluate {
          baselines = [linear-regression, logistic-regression], resamples = 50, slices = [town]
          gate { at-least { sold.rocAuc = 0.8, kind.accuracy = 0.6 }, at-most.price.rmse = 60, no-worse.price.rmse = 5 }
        }
        explain { repeats = 2, max-rows = 80, baselines = [linear-regression] }
        predict { source { path = "%1$s/new.csv" }, format = csv, measure = true }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir));
    CommandLine.out("run", configuration());
  }

  private static String configuration() {
    return dir.resolve("houses.conf").toString();
  }

  private static StageOutputs outputs() {
    return new StageOutputs(dir.resolve("runs/houses"));
  }

  private static JsonNode metrics(StageOutputs outputs, Stage stage) throws IOException {
    return Json.tree(Files.readString(outputs.path(stage).resolve("metrics.json")), "metrics.json");
  }

  private static ModelBundle bundle() {
    return ModelBundle.load(outputs().path(Stage.MODEL));
  }

  @Test
  void aRowNeedsOneOfThem() {
    long unlabelled = IntStream.range(0, ROWS).filter(i -> i < UNLABELLED || i % 105 == 0).count();
    assertThat(outputs().published(Stage.REJECTS).manifest().rows())
        .containsEntry("rows", unlabelled);
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(outputs().path(Stage.REJECTS).toString())
                .select("_rule", "_reason")
                .distinct()
                .collectAsList())
        .containsExactly(RowFactory.create("normalise.label", "missing: price, sold, kind"));
    List<Row> features =
        LocalSpark.session()
            .read()
            .parquet(outputs().path(Stage.FEATURES).toString())
            .select(col("label._0"), col("label._1"), col("label._2"))
            .collectAsList();
    assertThat(features).hasSize((int) (ROWS - unlabelled));
    for (int label = 0; label < 3; label++) {
      int at = label;
      int every = List.of(5, 7, 3).get(label);
      long expected = 0;
      for (int i = UNLABELLED; i < ROWS; i++) {
        expected += i % every == 0 ? 0 : 1;
      }
      assertThat(features.stream().filter(row -> !row.isNullAt(at))).hasSize((int) expected);
    }
  }

  @Test
  void eachIsJudgedBesideItsOwnBaselines() throws IOException {
    JsonNode labels = metrics(outputs(), Stage.METRICS).path("labels");
    assertThat(labels)
        .extracting(label -> label.at("/label/column").asText())
        .containsExactly("price", "sold", "kind");
    JsonNode price = labels.get(0);
    assertThat(price.path("task").asText()).isEqualTo("regression");
    assertThat(price.at("/test/rmse").asDouble()).isLessThan(40);
    assertThat(labels.at("/1/task").asText()).isEqualTo("binary");
    assertThat(labels.at("/1/test/rocAuc").asDouble()).isGreaterThan(0.85);
    assertThat(labels.at("/1/slices/town")).hasSize(4);
    JsonNode kind = labels.get(2);
    assertThat(kind.path("task").asText()).isEqualTo("multiclass");
    assertThat(kind.at("/test/accuracy").asDouble()).isGreaterThan(0.75);
    assertThat(price.path("baselines").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("mean", "linear-regression");
    assertThat(kind.path("baselines").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("majority", "logistic-regression");
    // Rows without the label are not judged by it.
    labels.forEach(SeveralLabelsTest::assertTestRows);
    assertThat(
            LocalSpark.session()
                .read()
                .parquet(outputs().path(Stage.METRICS).resolve("metrics.parquet").toString())
                .filter("part = 'test' and model = 'network' and slice is null")
                .select("metric")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .contains("price.rmse", "sold.rocAuc", "kind.accuracy")
        .noneMatch(name -> !name.contains("."));
  }

  private static void assertTestRows(JsonNode report) {
    String label = report.at("/label/column").asText();
    long test =
        LocalSpark.session()
            .read()
            .parquet(outputs().path(Stage.FEATURES).toString())
            .filter("part = 'test'")
            .filter(col("label._" + List.of("price", "sold", "kind").indexOf(label)).isNotNull())
            .count();
    assertThat(report.at("/test/rows").asLong()).isEqualTo(test).isPositive();
    assertThat(outputs().published(Stage.METRICS).manifest().rows())
        .containsEntry("rows with " + label, test)
        .containsEntry("rows", outputs().published(Stage.FEATURES).manifest().rows().get("test"));
  }

  /** Beside the network the baseline, of the label that it suits. */
  @Test
  void eachIsExplainedByRowsOfItsOwn() throws IOException {
    assertThat(outputs().published(Stage.EXPLANATIONS).manifest().rows())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "rows",
                110L,
                "rows with price",
                80L,
                "rows with sold",
                80L,
                "rows with kind",
                80L));
    Path explanations = outputs().path(Stage.EXPLANATIONS);
    JsonNode network =
        Json.tree(Files.readString(explanations.resolve("importances.json")), "importances.json");
    assertThat(network)
        .extracting(label -> label.path("metric").asText())
        .containsExactly("mae", "rocAuc", "logLoss");
    assertThat(network.at("/0/columns/0/column").asText()).isEqualTo("size");
    JsonNode baselines =
        Json.tree(Files.readString(explanations.resolve("baselines.json")), "baselines.json");
    assertThat(baselines).hasSize(1);
    assertThat(baselines.at("/0/label").asText()).isEqualTo("price");
    assertThat(baselines.at("/0/baseline").asText()).isEqualTo("linear-regression");
    assertThat(baselines.at("/0/importances/columns/0/column").asText()).isEqualTo("size");
    assertThat(baselines.at("/0/importances/columns/0/loss").asDouble()).isGreaterThan(30);
    assertThat(Files.readString(outputs().path(Stage.METRICS).resolve("report.html")))
        .contains(
            "<h2>price: What the network looks at</h2>",
            "<h2>price: What linear-regression looks at</h2>",
            "<h2>kind: What the network looks at</h2>")
        .doesNotContain("<h2>kind: What linear-regression looks at</h2>");
  }

  @Test
  void theMostProbableClassIsForThoseThatAThresholdDoesNotSuit() {
    ModelBundle bundle = bundle();
    assertThat(bundle.decisions()).hasSize(3);
    assertThat(bundle.decisions().get(0).toString()).isEqualTo("not calibrated, threshold 0.5000");
    assertThat(bundle.decisions().get(1).toString()).startsWith("temperature");
    assertThat(bundle.decisions().get(2).threshold()).isEqualTo(0.5);
    assertThat(bundle.decisions().get(2).toString()).startsWith("temperature");
  }

  @Test
  void thePageHasAllOfThem() throws IOException {
    String page = Files.readString(outputs().path(Stage.METRICS).resolve("report.html"));
    assertThat(page)
        .contains(
            "<h2>price: At a glance</h2>",
            "<h2>sold: At a glance</h2>",
            "<h2>kind: Confusion matrix</h2>",
            "Losses are of price divided by its standard deviation");
    assertThat(page.split("Learning curves</h2>", -1)).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void earlyStoppingWatchesOne() {
    assertThat(bundle().provenance().history())
        .allSatisfy(
            epoch ->
                assertThat(epoch.validationMetrics())
                    .containsOnlyKeys("sold.accuracy", "sold.rocAuc", "kind.accuracy"));
    double best =
        bundle().provenance().history().stream()
            .mapToDouble(epoch -> epoch.validationMetrics().get("sold.rocAuc"))
            .max()
            .orElseThrow();
    int kept = bundle().provenance().bestEpoch();
    assertThat(
            bundle().provenance().history().stream()
                .filter(epoch -> epoch.epoch() == kept)
                .findFirst()
                .orElseThrow()
                .validationMetrics()
                .get("sold.rocAuc"))
        .isEqualTo(best);
  }

  /** CSV of every label's columns, and plain Java says the same of the same records. */
  @Test
  void newRowsAreScoredAndMeasured() throws IOException {
    CommandLine.out("predict", configuration());
    List<Row> scored =
        LocalSpark.session()
            .read()
            .option("header", true)
            .csv(outputs().path(Stage.PREDICTIONS).resolve("scored").toString())
            .collectAsList();
    assertThat(scored).hasSize(60);
    assertThat(scored.get(0).schema().fieldNames())
        .containsExactly(
            "size",
            "age",
            "town",
            "price",
            "sold",
            "kind",
            "key",
            "source",
            "position",
            "prediction_price",
            "prediction_sold",
            "decision_sold",
            "prediction_kind",
            "decision_kind",
            "probability_sold_no",
            "probability_sold_yes",
            "probability_kind_farm",
            "probability_kind_flat",
            "probability_kind_house",
            "bundle");
    Scorer scorer = new Scorer(bundle());
    for (Row row : scored.subList(0, 20)) {
      Map<String, Object> record = new HashMap<>();
      for (String name : List.of("size", "age", "town")) {
        record.put(name, row.getAs(name));
      }
      Prediction.OfSeveral said = (Prediction.OfSeveral) scorer.score(record);
      assertThat(said.labels().keySet()).containsExactly("price", "sold", "kind");
      Prediction.OfNumber price =
          (Prediction.OfNumber) Objects.requireNonNull(said.labels().get("price"));
      assertThat(price.value())
          .isEqualTo(Double.parseDouble(row.<String>getAs("prediction_price")));
      Prediction.OfClass kind =
          (Prediction.OfClass) Objects.requireNonNull(said.labels().get("kind"));
      assertThat(kind.predicted()).isEqualTo(row.<String>getAs("prediction_kind"));
      Prediction.OfClass sold =
          (Prediction.OfClass) Objects.requireNonNull(said.labels().get("sold"));
      assertThat(sold.decision()).isEqualTo(row.<String>getAs("decision_sold"));
      assertThat(sold.probabilities().get("yes"))
          .isEqualTo(Float.parseFloat(row.getAs("probability_sold_yes")));
    }
    JsonNode measured = metrics(outputs(), Stage.PREDICTIONS).path("labels");
    assertThat(measured.at("/0/test/rows").asInt()).isEqualTo(40);
    assertThat(measured.at("/2/test/rows").asInt()).isEqualTo(34);
    assertThat(measured.at("/0/test/rmse").asDouble()).isCloseTo(0, within(60.0));
    double error =
        scored.stream()
            .filter(row -> row.getAs("price") != null && !row.getAs("price").equals("n/a"))
            .mapToDouble(
                row ->
                    Double.parseDouble(row.getAs("price"))
                        - Double.parseDouble(row.getAs("prediction_price")))
            .map(Math::abs)
            .average()
            .orElseThrow();
    assertThat(measured.at("/0/test/mae").asDouble()).isCloseTo(error, within(1e-9));
  }

  /** The float of a scaled price is off by some 1e-6. */
  @Test
  void aNumberIsJudgedByItsRawValue() throws IOException {
    Map<String, List<Double>> prices = new HashMap<>();
    LocalSpark.session()
        .read()
        .parquet(outputs().path(Stage.SPLIT).toString())
        .filter("price is not null")
        .select("_part", "price")
        .collectAsList()
        .forEach(
            row ->
                prices
                    .computeIfAbsent(row.getString(0), part -> new ArrayList<>())
                    .add(row.getDouble(1)));
    double mean = mean(Objects.requireNonNull(prices.get("train")));
    List<Double> errors =
        Objects.requireNonNull(prices.get("test")).stream()
            .map(price -> Math.abs(price - mean))
            .toList();
    assertThat(metrics(outputs(), Stage.METRICS).at("/labels/0/baselines/mean/mae").asDouble())
        .isCloseTo(mean(errors), within(1e-9));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void theGateAndTheVersionInUseGoByTheirNames() throws IOException {
    assertThat(CommandLine.out("gate", configuration()))
        .anyMatch(line -> line.contains("test sold.rocAuc must be at least 0.8"))
        .anyMatch(line -> line.contains("test price.rmse must be at most 60"));
    CommandLine strict =
        CommandLine.of("gate", configuration(), "--set", "evaluate.gate.at-most.price.rmse=0.001");
    assertThat(strict.code()).isEqualTo(4);
    assertThat(String.join("\n", strict.err()))
        .contains("test price.rmse must be at most 0.001 (evaluate.gate.at-most), got ");
    Path elsewhere = dir.resolve("elsewhere");
    FileUtils.copyDirectory(dir.resolve("runs").toFile(), elsewhere.toFile());
    String runs = "pipeline.runs-dir=" + elsewhere;
    CommandLine.out("promote", configuration(), "--set", runs);
    assertThat(CommandLine.out("models", elsewhere.toString()).get(1))
        .containsPattern(
            "kind\\.rocAuc [0-9.]+, kind\\.accuracy [0-9.]+, price\\.rmse [0-9.]+, price\\.mae"
                + " [0-9.]+, sold\\.rocAuc [0-9.]+, sold\\.accuracy [0-9.]+");
    List<String> again =
        CommandLine.out("run", configuration(), "--set", runs, "--set", "train.epochs=19");
    JsonNode labels =
        metrics(new StageOutputs(elsewhere.resolve("houses")), Stage.METRICS).path("labels");
    assertThat(StreamSupport.stream(labels.spliterator(), false))
        .allSatisfy(label -> assertThat(label.path("baselines").has("in-use")).isTrue());
    assertThat(again).anyMatch(line -> line.contains("in-use is version 1"));
  }

  @Test
  void whatFitsNoneOfThemIsRefusedByName() {
    assertThat(refused("train.early-stopping.metric=rmse"))
        .contains("train.early-stopping.metric must be one of loss, price.rmse,")
        .contains("got rmse");
    assertThat(refused("evaluate.gate.at-most.town.rmse=1"))
        .contains("evaluate.gate.at-most.town.rmse is no metric of labels price, sold, kind");
    assertThat(refused("model.outputs.prices.weight=2"))
        .contains("model.outputs.prices is no label, there are price, sold, kind");
    assertThat(refused("explain.baselines=[auto]"))
        .contains(
            "explain.baselines must be of [gradient-boosted-trees, linear-regression,"
                + " logistic-regression, majority, mean, most-frequent-tag], got [auto]");
    assertThat(refused("augment.steps=[smote]"))
        .contains("augment.steps[0]: smote needs one label of classes, got 3 labels");
    assertThat(refused("predict.keep=[size, position, prediction_kind]"))
        .contains(
            "predict.prefix must tell Sluice's own columns from those of the input, which has"
                + " position, prediction_kind too, got \"\"");
    assertThat(refused("normalise.label=[{column=price,type=number},{column=price}]"))
        .contains("normalise.label: columns must be different, got price twice");
    assertThat(refused("normalise.label=[{column=price,type=number},{type=none}]"))
        .contains("type = none must stand alone");
    assertThat(refused("normalise.label=[{column=price,type=number},{column=nothing}]"))
        .contains("normalise.label[1].column: ");
  }

  private static String refused(String setting) {
    CommandLine ended = CommandLine.of("validate", configuration(), "--set", setting);
    assertThat(ended.code()).as("%s", ended.out()).isEqualTo(2);
    return String.join("\n", ended.err());
  }
}
