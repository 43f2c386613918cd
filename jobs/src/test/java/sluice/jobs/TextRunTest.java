package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.features.TensorSpec;
import sluice.run.Stage;

/** Texts, half of them English and half Chinese, whose label nothing but their words tells. */
final class TextRunTest {
  private static final int ROWS = 1200;

  private static final List<String> FILLERS =
      List.of(
          "the",
          "room",
          "was",
          "near",
          "a",
          "station",
          "we",
          "stayed",
          "two",
          "nights",
          "Breakfast",
          "at",
          "eight",
          "o'clock",
          "3.5",
          "e\u0301tage",
          "\uD83D\uDECF",
          "and");
  private static final List<String> CHINESE_FILLERS =
      List.of("房间", "在", "车站", "附近", "我们", "住", "了", "两", "天", "早餐", "八点", "，", "\uD83D\uDECF");
  private static final Map<String, List<String>> TELLING =
      Map.of(
          "good", List.of("splendid", "friendly", "spotless", "满意", "干净", "热情"),
          "bad", List.of("dreadful", "rude", "filthy", "失望", "肮脏", "吵闹"));

  /** Before the word that tells; 20 good reviews are equal, and 20 bad ones. */
  private static final String REPEATED = "<script>alert(1)</script> \u202E房间 ";

  private static ReviewRun run = new ReviewRun(Path.of(""));

  @BeforeAll
  static void make(@TempDir Path dir) throws IOException {
    run = new ReviewRun(dir);
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("id,stars,review,mood\n");
    for (int i = 0; i < ROWS; i++) {
      boolean chinese = i % 2 == 0;
      String mood = i % 3 == 0 ? "bad" : "good";
      List<String> telling = TELLING.getOrDefault(mood, List.of());
      String word = telling.get((chinese ? 3 : 0) + random.nextInt(3));
      String review = i % 60 < 2 ? REPEATED + telling.get(0) : text(random, chinese, word);
      csv.append("%d,%s,\"%s\",%s\n".formatted(i, random.nextInt(5), review, mood));
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
            { columns = [review], steps = [words] }
          ]
        }
        augment.steps = [oversample, { type = eda, columns = [review], classes = [bad] }]
        model {
          type = network
          inputs {
            columns = { type = mlp, hidden = [4] }
            review = {
              type = textcnn, dimension = 24, widths = [2, 3], filters = 24, max-length = 32, dropout = 0.1
            }
          }
        }
        train {
          epochs = 10, batch-size = 32, logical-workers = 2, averaging-frequency = 8
          updater = { type = adam, learning-rate = 0.005 }
        }
        evaluate { resamples = 50, errors = 5, slices = [{ column = review, by = length }, { column = review, by = language }] }
        explain { repeats = 2, max-rows = 60 }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir));
    CommandLine.out("run", dir.resolve("reviews.conf").toString());
  }

  private static String text(Random random, boolean chinese, String telling) {
    List<String> fillers = chinese ? CHINESE_FILLERS : FILLERS;
    int length = 3 + random.nextInt(15);
    int at = random.nextInt(length);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(i > 0 && !chinese ? " " : "");
      text.append(i == at ? telling : fillers.get(random.nextInt(fillers.size())));
    }
    return text.toString();
  }

  @Test
  void theWordsAreLearnt() throws IOException {
    JsonNode metrics = run.json(Stage.METRICS, "metrics.json");
    assertThat(metrics.at("/test/accuracy").asDouble()).isGreaterThan(0.95);
    assertThat(metrics.at("/baselines/logistic-regression/accuracy").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.at("/baselines").has("gradient-boosted-trees")).isFalse();
    TensorSpec review = run.bundle().preprocessing().schema().inputs().get(1);
    assertThat(review.categories().get(0))
        .startsWith("(other)")
        .contains("splendid", "满意", "étage", "o'clock");
    JsonNode importances = run.json(Stage.EXPLANATIONS, "importances.json");
    assertThat(importances.at("/columns/0/column").asText()).isEqualTo("review");
    assertThat(importances.at("/columns/0/loss").asDouble()).isGreaterThan(0.2);
  }

  @Test
  void theTokensThatTellAreFound() throws IOException {
    JsonNode tokens = run.json(Stage.EXPLANATIONS, "tokens.json");
    assertThat(tokens.at("/0/label").asText()).isEqualTo("mood");
    assertThat(tokens.at("/0/model").asText()).isEqualTo("network");
    assertThat(tokens.at("/0/effects/rows").asInt()).isBetween(150, 200);
    for (int side = 0; side < 2; side++) {
      JsonNode told = tokens.at("/0/effects/sides/" + side);
      for (int i = 0; i < 4; i++) {
        assertThat(TELLING.get(told.get("name").asText()))
            .contains(told.at("/tokens/" + i + "/token").asText());
      }
      assertThat(told.at("/tokens/0/text").asText()).isEqualTo("review");
      assertThat(told.at("/tokens/0/effect").asDouble()).isBetween(0.1, 1.0);
    }
  }

  /** Small classes grow by repetition, and each of their rows has a changed copy. */
  @Test
  void changedTextsAreAddedToTheTrainRowsAlone() {
    Map<String, String> moods = new HashMap<>();
    Map<String, List<Integer>> texts = new HashMap<>();
    for (Row row : run.outputs().rows(Stage.SPLIT).collectAsList()) {
      if (row.getAs("_part").equals("train")) {
        moods.put(HexFormat.of().formatHex(row.getAs("_key")), row.getAs("mood"));
      }
    }
    for (Row row : run.outputs().rows(Stage.FEATURES).collectAsList()) {
      texts.put(HexFormat.of().formatHex(row.getAs("key")), row.getList(row.fieldIndex("review")));
    }
    long bad = moods.values().stream().filter("bad"::equals).count();
    List<Row> added = run.outputs().rows(Stage.AUGMENTED).collectAsList();
    assertThat(added).hasSize((int) (moods.size() - bad));
    int changed = 0;
    for (Row row : added) {
      String source = HexFormat.of().formatHex(row.getAs("source_key"));
      assertThat(moods).containsEntry(source, "bad");
      changed += row.getList(row.fieldIndex("review")).equals(texts.get(source)) ? 0 : 1;
    }
    // Two swaps may undo each other, and what is inserted or deleted may be one of two equal words.
    assertThat(changed).isBetween((int) (0.9 * bad), (int) bad);
  }

  @Test
  void textsThatTrainRowsHaveTooAreCounted() {
    Set<String> train = new HashSet<>();
    List<Row> rows = run.outputs().rows(Stage.SPLIT).collectAsList();
    rows.stream()
        .filter(row -> row.getAs("_part").equals("train"))
        .forEach(row -> train.add(row.getAs("review")));
    Map<String, Long> seen =
        rows.stream()
            .filter(row -> train.contains(row.<String>getAs("review")))
            .collect(
                Collectors.groupingBy(
                    row -> row.<String>getAs("_part"), TreeMap::new, Collectors.counting()));
    JsonNode shared =
        Objects.requireNonNull(
            run.outputs().published(Stage.FEATURES).manifest().facts().get("sharedTexts"));
    assertThat(shared.at("/0/column").asText()).isEqualTo("review");
    assertThat(shared.at("/0/test").asLong()).isEqualTo(seen.get("test")).isPositive();
    assertThat(shared.at("/0/validation").asLong()).isEqualTo(seen.get("validation")).isPositive();
    assertThat(shared.at("/0/excerpts/0").asText()).startsWith(REPEATED);
  }

  @Test
  void theReportSpeaksOfTheTexts() throws IOException {
    String html = Files.readString(run.outputs().path(Stage.METRICS).resolve("report.html"));
    assertThat(html)
        .contains("What tokens say to the network</h2>")
        .contains(
            "The worst errors</h2>", "The 5 judged rows whose true class is the least probable")
        .contains("What the texts looked like</h2>")
        .contains(
            "By length of review</h2>", "<bdi>quarter 1: up to ", "<bdi>quarter 4: more than ")
        .contains("By language of review</h2>", "<bdi>cmn</bdi>", "<bdi>eng</bdi>")
        .contains(
            "<bdi>C4, any of its heuristics</bdi>", "<bdi>Gopher: word count at least 50</bdi>")
        .contains("Held-out rows whose text in column review a train row has too: ")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt; \uFFFD房间 ")
        .doesNotContain("<script>alert(1)", "\u202E");
    assertThat(html.split("<td class=\"excerpt\">", -1)).hasSize(1 + 5);
    String texts = html.substring(html.indexOf("<section id=\"texts\""));
    assertThat(texts.substring(0, texts.indexOf("</section>")).split("<bdi>review</bdi>", -1))
        .hasSizeGreaterThan(1 + 3 + 2 + 4);
  }

  @Test
  void theJobAndPlainJavaSayTheSame() throws IOException {
    run.assertScorerEqualsPredict(
        150,
        ROWS,
        List.of(
            "!",
            "unknown",
            "满意\uD842\uDFB7满意",
            "x\u0330\u0301 \u200F\u05E9",
            "splendid ".repeat(200),
            "\uD83D\uDC68\u200D\uD83D\uDC69 rude"));
  }
}
