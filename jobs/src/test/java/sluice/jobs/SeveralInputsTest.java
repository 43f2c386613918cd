package sluice.jobs;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.network.spec.EncoderNetwork;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/**
 * Columns, categories by embeddings and a picture in one network. The label is told by the three
 * together only: whether the picture's bar lies or stands, which shop it is, and the number.
 */
final class SeveralInputsTest {
  private static final int ROWS = 1500;
  private static final int SHOPS = 12;

  private static Path dir = Path.of("");

  @BeforeAll
  static void run(@TempDir Path directory) throws IOException {
    dir = directory;
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      boolean lies = random.nextBoolean();
      int shop = random.nextInt(SHOPS);
      double number = random.nextGaussian();
      boolean yes = (lies ? 1.5 : -1.5) + (shop * 7 % 5 < 2 ? 1.5 : -1.5) + number > 0;
      rows.add(RowFactory.create(picture(random, lies), "shop" + shop, number, yes ? "yes" : "no"));
    }
    LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("picture", DataTypes.BinaryType)
                .add("shop", DataTypes.StringType)
                .add("number", DataTypes.DoubleType)
                .add("label", DataTypes.StringType))
        .coalesce(2)
        .write()
        .parquet(dir.resolve("rows").toString());
    Files.writeString(
        dir.resolve("parts.conf"),
        """
        pipeline { name = parts, seed = 7, runs-dir = "%s/runs" }
        ingest {
          format = parquet, path = "%s/rows"
          schema = "picture BINARY, shop STRING, number DOUBLE, label STRING"
        }
        split { train = 0.7, validation = 0.15, test = 0.15 }
        normalise {
          label = { column = label, type = class, positive = yes }
          features = [
            { columns = [picture], steps = [{ type = pixels, height = 6, width = 6 }] }
            { columns = [shop], steps = [index] }
            { columns = [number], steps = [standardise] }
          ]
        }
        model {
          type = network
          inputs {
            columns = { type = mlp, hidden = [16], dropout = 0.0, embeddings { dimension = 4 } }
            picture = { type = lenet, filters = [4], dense = 8 }
          }
          combiner = { type = concat, hidden = [32, 16] }
          l2 = 0
        }
        train { epochs = 25, batch-size = 16, logical-workers = 2, averaging-frequency = 8 }
        evaluate { baselines = [logistic-regression], resamples = 50 }
        explain { repeats = 2, max-rows = 100 }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir, dir));
    CommandLine.out("run", dir.resolve("parts.conf").toString());
  }

  /** A bar of two rows or columns on noise. */
  private static byte[] picture(Random random, boolean lies) {
    byte[] pixels = new byte[36];
    int at = random.nextInt(5);
    for (int row = 0; row < 6; row++) {
      for (int column = 0; column < 6; column++) {
        int across = lies ? row : column;
        int bright = across == at || across == at + 1 ? 180 : 0;
        pixels[row * 6 + column] = (byte) (bright + random.nextInt(60));
      }
    }
    return pixels;
  }

  private static StageOutputs outputs() {
    return new StageOutputs(dir.resolve("runs/parts"));
  }

  private static ModelBundle bundle() {
    return ModelBundle.load(outputs().path(Stage.MODEL));
  }

  @Test
  void theyAreLearntTogether() throws IOException {
    JsonNode metrics =
        Json.tree(
            Files.readString(outputs().path(Stage.METRICS).resolve("metrics.json")),
            "metrics.json");
    double accuracy = metrics.at("/test/accuracy").asDouble();
    assertThat(accuracy).isGreaterThan(0.85);
    // It sees the shop as a number, and no bars.
    assertThat(metrics.at("/baselines/logistic-regression/accuracy").asDouble())
        .isLessThan(accuracy - 0.03);
    assertThat(bundle().definition().spec()).isInstanceOf(EncoderNetwork.class);
    assertThat(bundle().definition().batcher().inputs()).hasSize(3);
  }

  /** The tables that Spark scores and the records that plain Java scores come to the same bits. */
  @Test
  void aRecordIsScoredAsItsRow() {
    ModelBundle bundle = bundle();
    List<Row> raw =
        outputs().rows(Stage.SPLIT).filter(col("_part").equalTo("test")).collectAsList();
    List<Row> scored =
        BatchScorer.score(
                outputs().rows(Stage.FEATURES).filter(col("part").equalTo("test")), bundle)
            .collectAsList();
    assertThat(scored).hasSameSizeAs(raw).hasSizeGreaterThan(150);
    Scorer scorer = new Scorer(bundle);
    Map<ByteBuffer, Row> byKey = new HashMap<>();
    scored.forEach(row -> byKey.put(ByteBuffer.wrap(row.<byte[]>getAs("key")), row));
    for (Row row : raw) {
      Prediction.OfClass said =
          (Prediction.OfClass)
              scorer.score(
                  Map.of(
                      "picture", row.<byte[]>getAs("picture"),
                      "shop", row.<String>getAs("shop"),
                      "number", row.<Double>getAs("number")));
      Row other = byKey.get(ByteBuffer.wrap(row.<byte[]>getAs("_key")));
      assertThat(other).isNotNull();
      assertThat(said.predicted()).isEqualTo(other.getAs(BatchScorer.PREDICTION));
      assertThat(said.probabilities().values())
          .containsExactlyElementsOf(
              other.<Float>getList(other.fieldIndex(BatchScorer.PROBABILITIES)));
    }
  }
}
