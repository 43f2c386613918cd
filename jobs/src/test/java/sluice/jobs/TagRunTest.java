package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.BatchScorer;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.run.Stage;
import sluice.stages.EvaluateStage;

/** Names in texts, of which the word before tells: a tag for each word, from files to scores. */
final class TagRunTest {
  private static final int ROWS = 500;

  /** O, and B and I of each of two types. */
  private static final int TAGS = 5;

  private static final List<String> FILLERS =
      List.of("today", "we", "met", "again", "and", "then", "it", "rained", "一天", "，");
  private static final List<String> NAMES = List.of("Ada", "Li", "Berlin", "Fen", "Lund", "Chen");

  private static ReviewRun run = new ReviewRun(Path.of(""));
  private static List<String> said = List.of();

  @BeforeAll
  static void make(@TempDir Path dir) throws IOException {
    run = new ReviewRun(dir);
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("id,review,tags\n");
    for (int i = 0; i < ROWS; i++) {
      csv.append("%d,%s\n".formatted(i, text(random)));
    }
    csv.append("9001,one two three,O O\n9002,,O\n9003,one,\n");
    Files.writeString(dir.resolve("reviews.csv"), csv);
    Files.writeString(
        dir.resolve("reviews.conf"),
        """
        pipeline { name = reviews, seed = 7, runs-dir = "%1$s/runs" }
        ingest {
          format = csv, path = "%1$s/reviews.csv", key = id, options { header = true }
          schema = "id INT, review STRING, tags STRING"
        }
        clean.rules = [{ type = reject-missing, columns = [review] }]
        split { train = 0.7, validation = 0.15, test = 0.15 }
        normalise {
          label { column = tags, type = tags, spans = bio }
          features = [{ columns = [review], steps = [tokens] }]
        }
        model {
          type = network
          inputs.review = { type = textcnn, dimension = 16, widths = [3], filters = 24, max-length = 16, dropout = 0.1 }
        }
        train {
          epochs = 12, batch-size = 16, logical-workers = 2, averaging-frequency = 8, class-weights = balanced
          updater = { type = adam, learning-rate = 0.01 }, early-stopping.metric = span-f1
        }
        evaluate {
          resamples = 50, errors = 5, predictions = true, slices = [{ column = review, by = length }]
          gate { at-least { accuracy = 0.5, spanF1 = 0.5 }, at-most { unread = 0.3 } }
        }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir));
    said = CommandLine.out("run", dir.resolve("reviews.conf").toString());
  }

  /** A name is a person behind "with" and a place behind "in"; up to 20 words. */
  private static String text(Random random) {
    List<String> words = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    int parts = 1 + random.nextInt(5);
    for (int part = 0; part < parts; part++) {
      for (int i = random.nextInt(3); i > 0; i--) {
        words.add(FILLERS.get(random.nextInt(FILLERS.size())));
        tags.add("O");
      }
      boolean person = random.nextBoolean();
      words.add(person ? "with" : "in");
      tags.add("O");
      words.add(NAMES.get(random.nextInt(NAMES.size())));
      tags.add(person ? "B-PER" : "B-LOC");
      if (random.nextInt(3) == 0) {
        words.add(NAMES.get(random.nextInt(NAMES.size())));
        tags.add(person ? "I-PER" : "I-LOC");
      }
    }
    return String.join(" ", words) + "," + String.join(" ", tags);
  }

  @Test
  void theTagsAreLearntBeyondTheirWords() throws IOException {
    JsonNode metrics = run.json(Stage.METRICS, "metrics.json");
    assertThat(metrics.at("/task").asText()).isEqualTo("tags");
    assertThat(metrics.at("/baselines").properties()).hasSize(1);
    assertThat(metrics.at("/baselines/most-frequent-tag/spanF1").asDouble()).isLessThan(0.7);
    assertThat(metrics.at("/test/spanF1").asDouble())
        .isGreaterThan(metrics.at("/baselines/most-frequent-tag/spanF1").asDouble() + 0.2);
    double unread = metrics.at("/test/unread").asDouble();
    assertThat(unread).isBetween(0.0001, 0.1);
    assertThat(metrics.at("/test/accuracy").asDouble()).isBetween(0.85, 1 - unread);
    assertThat(metrics.at("/baselines/most-frequent-tag/unread").asDouble()).isZero();
    assertThat(metrics.at("/intervals/test").has("spanF1")).isTrue();
    assertThat(metrics.at("/decisions").isEmpty()).isTrue();
    assertThat(String.join("\n", said)).contains("not measured: there is no importance");
    JsonNode epoch = run.json(Stage.MODEL, "provenance.json").at("/history/0");
    assertThat(epoch.at("/validationMetrics").has("spanF1")).isTrue();
  }

  /** Of the network and of the baseline, and they come to the accuracy that was measured. */
  @Test
  void whatIsSaidOfEachTokenIsKept() throws IOException {
    Map<String, long[]> rightOfAll = new TreeMap<>();
    for (Row row : run.keptPredictions()) {
      assertThat(row.<Object>getAs("truth")).isNull();
      List<Integer> tags = row.getList(row.fieldIndex("indices"));
      List<Double> outputs = row.getList(row.fieldIndex("outputs"));
      long[] counts = rightOfAll.computeIfAbsent(row.getAs("model"), model -> new long[2]);
      for (int token = 0; token < tags.size(); token++) {
        int at = token * TAGS;
        List<Double> own = at < outputs.size() ? outputs.subList(at, at + TAGS) : List.of();
        counts[0] += !own.isEmpty() && own.indexOf(Collections.max(own)) == tags.get(token) ? 1 : 0;
        counts[1]++;
      }
    }
    assertThat(rightOfAll).containsOnlyKeys("most-frequent-tag", "network");
    run.assertMeasured("accuracy", rightOfAll);
  }

  @Test
  void aRowWithoutATagForEachWordIsRejectedWithBothNumbers() {
    Map<String, String> reasons = new TreeMap<>();
    for (Row row : run.outputs().rows(Stage.REJECTS).collectAsList()) {
      reasons.put(row.getAs("_key"), row.getAs("_rule") + " | " + row.getAs("_reason"));
    }
    assertThat(reasons)
        .containsEntry(
            "9001",
            "normalise.label.of | tags: must have a tag for each token of review, got 2 tags of 3 tokens")
        .containsOnlyKeys("9001", "9002", "9003");
  }

  @Test
  void theReportMarksWrongTags() throws IOException {
    String html = Files.readString(run.outputs().path(Stage.METRICS).resolve("report.html"));
    assertThat(html)
        .contains("The worst errors</h2>", "judged texts with most wrong tags", "<mark>")
        .contains("F1 of spans", "B-PER", "By length of review</h2>")
        .doesNotContain("rocAuc");
  }

  @Test
  void theJobAndPlainJavaSayTheSame() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    StringBuilder csv = new StringBuilder("id,review,tags\n");
    for (Row row : run.outputs().rows(Stage.SPLIT).filter("_part = 'test'").collectAsList()) {
      String id = String.valueOf(row.<Object>getAs("id"));
      texts.put(id, row.getAs("review"));
      csv.append("%s,%s,%s\n".formatted(id, texts.get(id), row.getAs("tags")));
    }
    texts.put("9100", "unknown with 一 in Ada");
    csv.append("9100,%s,\n".formatted(texts.get("9100")));
    Map<String, Map<String, Object>> records = new TreeMap<>();
    texts.forEach((id, text) -> records.put(id, Map.of("review", text)));
    assertThat(records).hasSizeGreaterThan(50);
    run.assertScorerEqualsPredict(
        csv.toString(),
        records,
        row -> {
          assertThat(row.schema().fieldNames()).doesNotContain(BatchScorer.PROBABILITIES);
          return new Prediction.OfTags(
              row.getList(row.fieldIndex("prediction")),
              row.getList(row.fieldIndex("probability")));
        },
        "predict.measure=true");
    assertThat(new Scorer(run.bundle()).score(Map.of("review", "unknown with 一 in Ada")))
        .isInstanceOfSatisfying(
            Prediction.OfTags.class, tags -> assertThat(tags.tags()).hasSize(5));
    // The test rows are measured again, as they were judged.
    JsonNode measured = run.json(Stage.PREDICTIONS, EvaluateStage.METRICS_FILE);
    JsonNode judged = run.json(Stage.METRICS, EvaluateStage.METRICS_FILE);
    for (String metric : List.of("rows", "accuracy", "spanF1", "logLoss", "unread")) {
      assertThat(measured.at("/test/" + metric)).as(metric).isEqualTo(judged.at("/test/" + metric));
    }
  }
}
