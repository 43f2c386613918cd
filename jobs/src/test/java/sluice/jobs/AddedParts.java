package sluice.jobs;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.normalise.Steps;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * A program on whose class path there are a source, a rule, a step, an augmenter, an encoder, a
 * combiner and a metric that Sluice does not have, those of the package {@code example}. It uses
 * all of them, and fails if they do not do what Sluice's own do.
 */
final class AddedParts {
  static final String CONFIGURATION =
      """
      pipeline { name = rings, seed = 7, runs-dir = "{dir}/runs" }
      ingest.format = { type = rings, points = 1000 }
      clean.rules = [{ type = reject-far, x = x, y = y, most = 2.3 }]
      normalise {
        label = { column = ring, positive = inner }
        features = [{ columns = [x, y], steps = [{ type = signed-power, exponent = 2 }, standardise] }]
      }
      augment.steps = [mirror]
      model {
        type = network
        inputs.columns = { type = tanh-layer, units = 12 }
        combiner { type = tanh-combiner, units = 16 }
      }
      train {
        epochs = 40, batch-size = 16, logical-workers = 2, averaging-frequency = 8
        updater = { type = adam, learning-rate = 0.02 }
        early-stopping { metric = youden-index, patience = 0 }
      }
      evaluate { baselines = [logistic-regression], resamples = 50, gate.at-least.youdenIndex = 0.9 }
      explain { repeats = 2, max-rows = 50 }
      predict { source.format = { type = rings, points = 40, seed = 2 }, measure = true }
      """;

  private AddedParts() {}

  /** Takes the directory to work in. */
  public static void main(String... arguments) throws IOException {
    LocalSpark.session();
    Path dir = Path.of(arguments[0]);
    Path file =
        Files.writeString(
            dir.resolve("rings.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
    assertThat(CommandLine.out("run", file.toString(), "--dry-run"))
        .anyMatch(line -> line.endsWith("ingest: read rings 1 as rings"));
    List<String> out = CommandLine.out("run", file.toString());
    StageOutputs outputs = new StageOutputs(dir.resolve("runs/rings"));

    JsonNode test =
        Json.tree(Files.readString(outputs.path(Stage.METRICS).resolve("metrics.json")), "metrics")
            .get("test");
    assertThat(test.get("youdenIndex").asDouble())
        .isGreaterThan(0.9)
        .isCloseTo(2 * test.get("balancedAccuracy").asDouble() - 1, within(1e-12));
    assertThat(Files.readString(outputs.path(Stage.METRICS).resolve("report.html")))
        .contains("Youden");
    assertThat(out).anyMatch(line -> line.contains("promote"));

    examplesAreMirrored(outputs);
    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    List<Row> scored = outputs.rows(Stage.PREDICTIONS, "scored").collectAsList();
    List<Row> tooFar = outputs.rows(Stage.PREDICTIONS, "quarantined").collectAsList();
    assertThat(tooFar).isNotEmpty();
    assertThat(scored.size() + tooFar.size()).isEqualTo(40);
    for (Row row : tooFar) {
      JsonNode point = Json.tree(row.<String>getAs("record"), "record");
      double x = point.get("x").asDouble();
      double y = point.get("y").asDouble();
      assertThat(Math.hypot(x, y)).isGreaterThan(2.3);
      assertThat(row.<String>getAs("reason")).endsWith("x, y: further than 2.3 from the origin");
      assertThat(scorer.score(Map.of("x", x, "y", y)))
          .isEqualTo(new Prediction.Unscored(row.getAs("reason")));
    }
    int right = 0;
    for (Row row : scored) {
      assertThat(Math.hypot(row.<Double>getAs("x"), row.<Double>getAs("y")))
          .isLessThanOrEqualTo(2.3);
      assertThat(row.<String>getAs("source")).isEqualTo("rings 2");
      right += row.getAs("ring").equals(row.getAs("prediction")) ? 1 : 0;
      Prediction.OfClass alone =
          (Prediction.OfClass)
              scorer.score(Map.of("x", row.<Double>getAs("x"), "y", row.<Double>getAs("y")));
      assertThat(alone.predicted()).isEqualTo(row.getAs("prediction"));
      assertThat(alone.probabilities().get("inner")).isEqualTo(row.getAs("probability_inner"));
    }
    assertThat(right).isGreaterThanOrEqualTo(scored.size() - 2);
    assertThat(((Prediction.OfClass) scorer.score(Map.of("x", 0.0, "y", -1.1))).predicted())
        .isEqualTo("inner");
    assertThat(((Prediction.OfClass) scorer.score(Map.of("x", 2.2, "y", 0.3))).predicted())
        .isEqualTo("outer");

    assertThat(CommandLine.out("ingest", file.toString()))
        .anyMatch(line -> line.contains("unchanged"));
    assertThat(CommandLine.out("ingest", file.toString(), "--set", "ingest.format.seed=3"))
        .noneMatch(line -> line.contains("unchanged"));
    assertThat(CommandLine.of("predict", file.toString(), "--set", "predict.keep=[hue]").err())
        .contains("rings 2: predict.keep: no column hue, there are [x, y, ring]");
    CommandLine.out("ingest", file.toString(), "--set", "ingest.source-column=from");
    assertThat(outputs.rows(Stage.RAW).select("from").distinct().collectAsList())
        .containsExactly(RowFactory.create("rings 1"));
    theirKeysAreCheckedAsSluicesOwn(file);
  }

  private static void examplesAreMirrored(StageOutputs outputs) {
    Dataset<Row> train = outputs.rows(Stage.FEATURES).filter("part = 'train'");
    String group =
        Arrays.stream(train.columns())
            .filter(name -> !List.of("key", "part", "label").contains(name))
            .findFirst()
            .orElseThrow();
    Dataset<Row> pairs =
        outputs
            .rows(Stage.AUGMENTED)
            .selectExpr("source_key", "`%s` AS added".formatted(group))
            .join(
                train.selectExpr("key", "`%s` AS original".formatted(group)),
                expr("source_key = key"));
    assertThat(pairs.count()).isEqualTo(train.count());
    assertThat(pairs.filter("added != transform(original, v -> -v)").count()).isZero();
  }

  private static void theirKeysAreCheckedAsSluicesOwn(Path file) {
    List<String> err =
        CommandLine.of(
                "validate",
                file.toString(),
                "--set",
                "ingest.format.points=0",
                "--set",
                "model.inputs.columns.unit=3",
                "--set",
                "model.inputs.columns.units=many",
                "--set",
                "normalise.features=[{ columns = [x, y], steps = [{ type = signed-power, exponent = -1 }, signed-powr] }]")
            .err();
    assertThat(err.stream().map(line -> line.replaceFirst("^--set .*?: (?=[a-z]+\\.)", "")))
        .containsExactlyInAnyOrder(
            "ingest.format.points must be at least 1, got 0",
            "model.inputs.columns.unit is not a key; did you mean model.inputs.columns.units?",
            "model.inputs.columns.units must be a whole number, got \"many\"",
            "normalise.features[0].steps[0].exponent must be above 0, got -1",
            "normalise.features[0].steps[1] must be one of %s, got \"signed-powr\"; did you mean signed-power?"
                .formatted(String.join(", ", new TreeSet<>(Steps.TYPES.names()))));
    // An augmenter that needs no classes suits any label, whoever wrote it.
    assertThat(
            CommandLine.of(
                    "validate",
                    file.toString(),
                    "--set",
                    "normalise.label=[{ column = x, type = number }, { column = ring, positive = inner }]",
                    "--set",
                    "augment.steps=[mirror, smote]")
                .err())
        .filteredOn(line -> line.contains("augment.steps["))
        .containsExactly(
            "--set augment.steps=[mirror, smote]: augment.steps[1]: smote needs one label of"
                + " classes, got 2 labels");
    assertThat(CommandLine.of("validate", file.toString(), "--set", "ingest.path=rings.csv").err())
        .containsExactly(
            "--set ingest.path=rings.csv: ingest.path must not be given with format = rings, got"
                + " rings.csv");
  }
}
