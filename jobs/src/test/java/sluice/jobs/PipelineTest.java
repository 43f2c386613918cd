package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Provenance;
import sluice.bundle.Scorer;
import sluice.cli.Main;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;
import sluice.training.checkpoint.EpochRecord;

/** Whole pipelines on small generated files, and what their pages say. */
@Tag("pipeline")
final class PipelineTest {
  @BeforeAll
  static void openSession() {
    LocalSpark.session();
  }

  @Test
  void binary(@TempDir Path directory) throws IOException {
    StringBuilder csv = new StringBuilder("age,city,amount,answer\n");
    Random random = new Random(7);
    String[] cities = {"Bonn", "Kiel", "<b>Ulm</b>"};
    for (int i = 0; i < 600; i++) {
      int age = 18 + random.nextInt(60);
      String city = cities[random.nextInt(3)];
      double amount = random.nextGaussian();
      boolean yes = 0.05 * (age - 48) + amount + 0.5 * random.nextGaussian() > 0;
      csv.append(row("%d,%s,%.6f,%s", age, city, amount, yes ? "yes" : "no"));
    }
    csv.append("200,Bonn,0.5,no\n".repeat(2));
    csv.append("30,Kiel,0.25,no\n".repeat(3));
    csv.append("old,Kiel,0.5,no\n");
    Path run =
        run(
            directory,
            """
            pipeline { name = small, seed = 3, runs-dir = "$DIR/runs" }
            ingest {
              format = csv, path = "$DIR/data.csv", options { header = true }
              schema = "age INT, city STRING, amount DOUBLE, answer STRING"
              max-quarantined = 0.01
            }
            clean.rules = [drop-duplicates, { type = reject-outside, column = age, min = 17, max = 120 }]
            split { stratify-by = answer, train = 0.6, validation = 0.2, test = 0.2 }
            normalise {
              label = { column = answer, type = class, positive = "yes" }
              features = [
                { columns = [age, amount], steps = [standardise] }
                { columns = [city], steps = [one-hot] }
              ]
            }
            augment.steps = [{ type = jitter, copies = 1, std = 0.01 }]
            model { type = mlp, hidden = [8] }
            train {
              epochs = 10, batch-size = 16, logical-workers = 2, updater = { type = adam, learning-rate = 0.01 }
              early-stopping { metric = roc-auc, patience = 3 }
            }
            evaluate { slices = [city], baselines = [majority, logistic-regression], resamples = 100 }
            explain { repeats = 3, max-rows = 100 }
            """,
            csv.toString());
    JsonNode metrics = metrics(run);
    assertThat(metrics.at("/task").asText()).isEqualTo("binary");
    assertThat(metrics.at("/measuredOnTrainingRows").asBoolean()).isFalse();
    assertThat(metrics.at("/test/rocAuc").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.at("/baselines/majority/rocAuc").asDouble()).isEqualTo(0.5);
    assertThat(best(directory).validationMetrics().get("rocAuc"))
        .isCloseTo(metrics.at("/validation/rocAuc").asDouble(), within(1e-6));
    assertThat(best(directory).validationMetrics().get("accuracy"))
        .isEqualTo(metrics.at("/validation/accuracy").asDouble());
    JsonNode rows = metrics.at("/rows");
    assertThat(rows.at("/read").asLong()).isEqualTo(606);
    assertThat(rows.at("/quarantined").asLong()).isEqualTo(1);
    assertThat(rows.at("/rejected").asLong() + rows.at("/duplicates").asLong()).isEqualTo(4);
    assertThat(rows.at("/added").asLong()).isEqualTo(rows.at("/train").asLong());
    String page = page(run);
    assertThat(page)
        .contains(
            "At a glance",
            "Against the baselines",
            "Ranking and calibration",
            "Confusion matrix",
            "Class by class",
            "Learning",
            "Validation ROC AUC by epoch",
            "By city",
            "What the network looks at",
            "What the data looked like",
            "Class balance",
            "Where every row went",
            "Rejected rows",
            "Provenance",
            "Configuration")
        .doesNotContain("Decision surface", "Predicted and actual", "Measured on the training rows")
        .contains("better than majority (0.5000)")
        .contains("1 of 606 records could not be read and are left out.")
        .containsPattern("examples a second on 2 of Spark&#39;s task slots: \\d+ % of their time")
        .contains("equal to a row that stays")
        .contains("age: 200 is outside 17 to 120")
        .contains("95 % bootstrap intervals, 100 resamples of the")
        .contains("3 shuffles of each column over 100 of the rows that were judged")
        .contains("normalise.label[0].positive = &quot;yes&quot;")
        .contains("&lt;b&gt;Ulm&lt;/b&gt;")
        .doesNotContain("<b>Ulm</b>");
  }

  @Test
  void regression(@TempDir Path directory) throws IOException {
    StringBuilder csv = new StringBuilder("x,y,z,price\n");
    Random random = new Random(8);
    for (int i = 0; i < 400; i++) {
      double x = random.nextGaussian();
      double y = random.nextGaussian();
      double price = 100 + 20 * x - 10 * y + random.nextGaussian();
      csv.append(row("%.6f,%.6f,%.6f,%.4f", x, y, random.nextDouble(), price));
    }
    Path run =
        run(
            directory,
            """
            pipeline { name = small, runs-dir = "$DIR/runs" }
            ingest {
              format = csv, path = "$DIR/data.csv", options { header = true }
              schema = "x DOUBLE, y DOUBLE, z DOUBLE, price DOUBLE"
            }
            normalise {
              label = { column = price, type = number }
              features = [{ columns = [x, y, z], steps = [standardise] }]
            }
            model { type = mlp, hidden = [8] }
            train {
              epochs = 30, batch-size = 16, logical-workers = 1, updater = { type = adam, learning-rate = 0.01 }
              early-stopping.metric = mae
            }
            evaluate { baselines = [mean, linear-regression], resamples = 100 }
            explain { repeats = 3, max-rows = 100 }
            """,
            csv.toString());
    JsonNode metrics = metrics(run);
    assertThat(metrics.at("/task").asText()).isEqualTo("regression");
    assertThat(metrics.at("/test/r2").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.at("/test/rows").asLong()).isEqualTo(60);
    // In the units of the label, as evaluated, although the network sees it scaled.
    assertThat(best(directory).validationMetrics().get("mae"))
        .isCloseTo(metrics.at("/validation/mae").asDouble(), within(1e-4));
    assertThat(page(run))
        .contains("RMSE", "in units of price", "Predicted and actual", "better than mean (")
        .contains("Judged on 60 test rows only: every figure is a hint.")
        .contains("No row was turned away.")
        .doesNotContain("Confusion matrix", "Class balance", "Decision surface");
  }

  @Test
  void trainRowsAsTestRows(@TempDir Path directory) throws IOException {
    Path run =
        run(
            directory,
            """
            pipeline { name = small, runs-dir = "$DIR/runs" }
            ingest {
              format = csv, path = "$DIR/data.csv", options { header = true }
              schema = "a DOUBLE, b DOUBLE, label INT"
            }
            split { by = none }
            normalise {
              label = { column = label, type = class, positive = "1" }
              features = [{ columns = [a, b], steps = [] }]
            }
            sufficiency { min-rows = 0, min-class-rows = 0 }
            model { type = mlp, hidden = [2], activation = sigmoid }
            train {
              epochs = 1000, batch-size = 4, logical-workers = 1, averaging-frequency = 1000
              updater = { type = adam, learning-rate = 0.05 }
            }
            evaluate { baselines = [majority], resamples = 100 }
            """,
            "a,b,label\n1,0,0\n0,1,1\n1,1,1\n1,0,0\n");
    JsonNode metrics = metrics(run);
    assertThat(metrics.at("/measuredOnTrainingRows").asBoolean()).isTrue();
    assertThat(metrics.at("/test/accuracy").asDouble()).isEqualTo(1);
    assertThat(metrics.at("/rows/train").asLong()).isEqualTo(4);
    assertThat(page(run))
        .contains("Measured on the training rows (split.by = none)")
        .contains("Judged on 4 training rows only: every figure is a hint.")
        .contains("Decision surface over a and b with 4 rows drawn on it.")
        .contains("train = test")
        .contains("1,000 (best)")
        .doesNotContain("Loss by epoch</figcaption>");
  }

  /**
   * Bars across, down and aslant, in the files that MNIST has, by the data's own split. Training is
   * on numbers, since jitter adds such, and the bundle reads bytes.
   */
  @Test
  void pictures(@TempDir Path directory) throws IOException {
    writePictures(directory, "train", 300, 1);
    List<byte[]> test = writePictures(directory, "t10k", 90, 2);
    Path run =
        run(
            directory,
            """
            pipeline { name = small, runs-dir = "$DIR/runs" }
            ingest { format = idx, path = "$DIR/*-ubyte", schema = "image BINARY, bar INT, part STRING" }
            clean.rules = [{
              type = derive, column = part, to = STRING, at = training
              expression = "if(part = 'train' AND pmod(xxhash64(image), 5) = 0, 'validation', part)"
            }]
            split { by = column, column = part }
            normalise {
              label = { column = bar, type = class }
              features = [{ columns = [image], steps = [{ type = pixels, height = 10, width = 12 }] }]
            }
            sufficiency.min-rows-per-feature = 0
            augment.steps = [{ type = jitter, copies = 1, std = 0.05 }]
            model { type = lenet, filters = [6], dense = 16 }
            train { epochs = 10, batch-size = 16, logical-workers = 2, updater = { type = adam, learning-rate = 0.005 } }
            evaluate { slices = [part], baselines = [majority, logistic-regression], resamples = 100 }
            explain { repeats = 3, max-rows = 50 }
            predict.source.path = "$DIR/t10k-images-idx3-ubyte"
            """);
    JsonNode metrics = metrics(run);
    assertThat(metrics.at("/test/rows").asLong()).isEqualTo(90);
    assertThat(metrics.at("/validation/rows").asLong()).isBetween(30L, 90L);
    assertThat(metrics.at("/test/accuracy").asDouble()).isGreaterThan(0.85);
    assertThat(page(run)).contains("120 bytes", "binary", "logistic-regression");
    assertThat(type(directory, Stage.FEATURES)).isEqualTo("BINARY");
    assertThat(type(directory, Stage.AUGMENTED)).isEqualTo("ARRAY<FLOAT>");

    assertThat(Main.run("predict", directory.resolve("small.conf").toString())).isZero();
    Scorer scorer = Scorer.load(published(directory, "bundle.json"));
    assertThat(scorer.warning()).isEmpty();
    Map<String, List<Float>> predicted = new HashMap<>();
    for (Row row :
        LocalSpark.session()
            .read()
            .parquet(published(directory, "scored").resolve("scored").toString())
            .collectAsList()) {
      predicted.put(row.getAs("key"), row.getList(row.fieldIndex("probabilities")));
    }
    assertThat(predicted).hasSize(90);
    for (int i = 0; i < test.size(); i++) {
      Prediction.OfClass alone = (Prediction.OfClass) scorer.score(Map.of("image", test.get(i)));
      assertThat(predicted)
          .containsEntry(
              directory.resolve("t10k-images-idx3-ubyte") + ":" + (i + 1),
              List.copyOf(alone.probabilities().values()));
    }
  }

  /** As what a stage has stored the pictures. */
  private static String type(Path directory, Stage stage) {
    return new StageOutputs(directory.resolve("runs/small"))
        .rows(stage)
        .schema()
        .apply("image")
        .dataType()
        .sql();
  }

  /** The epoch whose parameters the bundle of the run has. */
  private static EpochRecord best(Path directory) throws IOException {
    Provenance provenance = ModelBundle.load(published(directory, "bundle.json")).provenance();
    return provenance.history().stream()
        .filter(epoch -> epoch.epoch() == provenance.bestEpoch())
        .findFirst()
        .orElseThrow();
  }

  /** Where the one file or folder of this name lies in the run. */
  private static Path published(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("runs"))) {
      List<Path> found = files.filter(path -> path.endsWith(name)).toList();
      assertThat(found).hasSize(1);
      return found.get(0).resolveSibling("");
    }
  }

  private static List<byte[]> writePictures(Path directory, String name, int count, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<byte[]> pictures = new ArrayList<>();
    ByteBuffer images = ByteBuffer.allocate(16 + count * 120);
    images.put(new byte[] {0, 0, 8, 3}).putInt(count).putInt(10).putInt(12);
    ByteBuffer labels = ByteBuffer.allocate(8 + count).put(new byte[] {0, 0, 8, 1}).putInt(count);
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[120];
      random.nextBytes(picture);
      for (int p = 0; p < picture.length; p++) {
        picture[p] = (byte) ((picture[p] & 0xff) / 4);
      }
      int bar = random.nextInt(3);
      int x = 3 + random.nextInt(6);
      int y = 3 + random.nextInt(4);
      for (int step = -3; step <= 3; step++) {
        picture[(y + (bar == 0 ? 0 : step)) * 12 + x + (bar == 1 ? 0 : step)] = (byte) 250;
      }
      images.put(picture);
      labels.put((byte) bar);
      pictures.add(picture);
    }
    Files.write(directory.resolve(name + "-images-idx3-ubyte"), images.array());
    Files.write(directory.resolve(name + "-labels-idx1-ubyte"), labels.array());
    return pictures;
  }

  /** Runs every stage on a table and returns the directory of the judgement. */
  private static Path run(Path directory, String configuration, String data) throws IOException {
    Files.writeString(directory.resolve("data.csv"), data);
    return run(directory, configuration);
  }

  /** Runs every stage and returns the directory of the judgement. */
  private static Path run(Path directory, String configuration) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("small.conf"), configuration.replace("$DIR", directory.toString()));
    assertThat(Main.run("run", file.toString())).isZero();
    try (Stream<Path> attempts = Files.walk(directory.resolve("runs"))) {
      List<Path> judged = attempts.filter(path -> path.endsWith("report.html")).toList();
      assertThat(judged).hasSize(1);
      return judged.get(0).resolveSibling("");
    }
  }

  private static String row(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }

  private static JsonNode metrics(Path run) throws IOException {
    return Json.tree(Files.readString(run.resolve("metrics.json")), "metrics.json");
  }

  /** The page without its style and its programs. */
  private static String page(Path run) throws IOException {
    return Files.readString(run.resolve("report.html"))
        .replaceAll("(?s)<(style|script)[ >].*?</\\1>", "");
  }
}
