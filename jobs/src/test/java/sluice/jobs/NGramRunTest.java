package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.Digest;
import sluice.features.TensorSpec;
import sluice.normalise.FeatureColumns;
import sluice.run.Stage;

/** Texts as sparse vectors of n-grams, whose label two words in their order tell. */
final class NGramRunTest {
  private static final int ROWS = 900;

  private static final List<String> FILLERS =
      List.of(
          "the", "room", "was", "near", "a", "station", "we", "good", "not", "stayed", "我们", "住");

  private static ReviewRun run = new ReviewRun(Path.of(""));
  private static List<String> said = List.of();

  @BeforeAll
  static void make(@TempDir Path dir) throws IOException {
    run = new ReviewRun(dir);
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("id,stars,review,mood\n");
    for (int i = 0; i < ROWS; i++) {
      String mood = i % 3 == 0 ? "bad" : "good";
      csv.append("%d,%s,%s,%s\n".formatted(i, random.nextInt(5), text(random, mood), mood));
    }
    Files.writeString(dir.resolve("reviews.csv"), csv);
    Files.writeString(
        dir.resolve("reviews.conf"),
        """
        pipeline { name = reviews, seed = 7, runs-dir = "%1$s/runs" }
        ingest {
          format = csv, path = "%1$s/reviews.csv", key = id, options { header = true }
          schema = "id INT, stars INT, review STRING, mood STRING"
        }
        split { train = 0.7, validation = 0.15, test = 0.15 }
        normalise {
          label { column = mood, positive = good }
          features = [
            { columns = [stars], steps = [standardise] }
            { name = words, columns = [review], steps = [tf-idf] }
            { name = buckets, columns = [review], steps = [{ type = hashed-n-grams, of = characters, n-grams = [3, 3], buckets = 500 }] }
          ]
        }
        augment.steps = [oversample]
        model { type = network, inputs { words = { type = bag, dimension = 8 }, buckets = { type = bag, dimension = 4 } } }
        train { epochs = 12, batch-size = 32, logical-workers = 2, averaging-frequency = 8, updater { type = adam, learning-rate = 0.01 } }
        evaluate.resamples = 50
        explain { repeats = 2, max-rows = 100, baselines = [logistic-regression] }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir));
    said = CommandLine.out("run", dir.resolve("reviews.conf").toString());
  }

  /** The same words in either mood, in another order. */
  private static String text(Random random, String mood) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(FILLERS.get(random.nextInt(FILLERS.size()))).append(' ');
    }
    text.append(mood.equals("good") ? "not awful but nice" : "not nice but awful");
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(' ').append(FILLERS.get(random.nextInt(FILLERS.size())));
    }
    return text.toString();
  }

  @Test
  void networkAndLinearModelLearnTheOrder() throws IOException {
    JsonNode metrics = run.json(Stage.METRICS, "metrics.json");
    assertThat(metrics.at("/test/accuracy").asDouble()).isGreaterThan(0.95);
    assertThat(metrics.at("/baselines/logistic-regression/accuracy").asDouble())
        .isGreaterThan(0.95);
    assertThat(metrics.at("/baselines").has("gradient-boosted-trees")).isFalse();
    assertThat(run.json(Stage.EXPLANATIONS, "importances.json").at("/columns/0/column").asText())
        .isEqualTo("review");
    TensorSpec words = run.bundle().preprocessing().schema().inputs().get(1);
    assertThat(words.categories().get(0)).contains("awful", "not nice", "我们 住");
    String described =
        "1 features in 1 group, words a series of %,d weighted indices, buckets a series of 500 weighted indices"
            .formatted(words.cardinalities().get(0));
    assertThat(said).anyMatch(line -> line.endsWith(described));
    assertThat(Digest.of(run.outputs().rows(Stage.FEATURES), FeatureColumns.KEY))
        .matches("[0-9a-f]{64}");
  }

  /** Single words are in both moods; what stands in one of them alone speaks for it. */
  @Test
  void nGramsSpeakForAMood() throws IOException {
    List<Row> rows = run.outputs().rows(Stage.SPLIT).collectAsList();
    JsonNode sides = run.json(Stage.EXPLANATIONS, "tokens.json").at("/0/effects/sides");
    assertThat(sides).hasSize(2);
    for (JsonNode side : sides) {
      List<String> strongest = new ArrayList<>();
      for (JsonNode token : side.get("tokens")) {
        if (token.get("text").asText().equals("words") && strongest.size() < 3) {
          strongest.add(token.get("token").asText());
        }
      }
      assertThat(strongest).hasSize(3);
      assertThat(rows)
          .filteredOn(row -> !row.getAs("mood").equals(side.get("name").asText()))
          .hasSizeGreaterThan(100)
          .allSatisfy(
              row ->
                  assertThat(" " + row.<String>getAs("review") + " ")
                      .doesNotContain(strongest.stream().map(gram -> " " + gram + " ").toList()));
    }
  }

  @Test
  void theJobAndPlainJavaSayTheSame() throws IOException {
    run.assertScorerEqualsPredict(
        100,
        ROWS,
        List.of(
            "!", "unheard of", "x\u0330\u0301 \u200F\u05E9", "not nice ".repeat(300), "我们住 nice"));
  }
}
