package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.run.Stage;
import sluice.stages.EvaluateStage;

/** Reviews with any of three topics, each told by a word: sets of names, from files to scores. */
final class SetRunTest {
  private static final int ROWS = 500;
  private static final List<String> FILLERS =
      List.of("today", "we", "met", "again", "and", "then", "nobody", "left", "early");
  private static final Map<String, String> TOPICS =
      Map.of("soup", "food", "umbrella", "rain, 雨", "goal", "sport");

  private static ReviewRun run = new ReviewRun(Path.of(""));
  private static List<String> said = List.of();

  @BeforeAll
  static void make(@TempDir Path dir) throws IOException {
    run = new ReviewRun(dir);
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("id,review,topics\n");
    for (int i = 0; i < ROWS; i++) {
      csv.append("%d,%s\n".formatted(i, row(random, i)));
    }
    csv.append("9001,nobody knows,\n");
    Files.writeString(dir.resolve("reviews.csv"), csv);
    Files.writeString(
        dir.resolve("reviews.conf"),
        """
        pipeline { name = reviews, seed = 7, runs-dir = "%1$s/runs" }
        ingest {
          format = csv, path = "%1$s/reviews.csv", key = id, options { header = true }
          schema = "id INT, review STRING, topics STRING"
        }
        split { train = 0.7, validation = 0.15, test = 0.15 }
        normalise {
          label { column = topics, type = set, separator = ";", min-count = 5 }
          features = [{ columns = [review], steps = [tf-idf] }]
        }
        train {
          epochs = 12, batch-size = 16, logical-workers = 2, averaging-frequency = 8
          updater = { type = adam, learning-rate = 0.02 }, early-stopping.metric = micro-f1
        }
        evaluate {
          resamples = 50, errors = 5, predictions = true, slices = [{ column = review, by = length }]
          gate { at-least { microF1 = 0.8, subsetAccuracy = 0.5 }, at-most { hammingLoss = 0.2 } }
        }
        explain { repeats = 3, leave-one-out { rows = 50, least-rows = 5 } }
        spark { spark.sql.shuffle.partitions = 2 }
        """
            .formatted(dir));
    said = CommandLine.out("run", dir.resolve("reviews.conf").toString());
  }

  /** A text and its topics, a separator where there is none; three rows have a rare one more. */
  private static String row(Random random, int row) {
    List<String> words = new ArrayList<>();
    Set<String> topics = new TreeSet<>();
    for (int i = 3 + random.nextInt(6); i > 0; i--) {
      words.add(FILLERS.get(random.nextInt(FILLERS.size())));
    }
    TOPICS.forEach(
        (word, topic) -> {
          if (random.nextInt(3) == 0) {
            words.add(word);
            topics.add(topic);
          }
        });
    if (row % 170 == 0) {
      topics.add("rare");
    }
    List<String> named = new ArrayList<>(topics);
    if (row % 7 == 0) {
      named.addAll(topics);
    }
    Collections.shuffle(words, random);
    String label = named.isEmpty() ? ";" : String.join("; ", named);
    return "%s,\"%s\"".formatted(String.join(" ", words), label);
  }

  @Test
  void theTopicsAreLearnt() throws IOException {
    JsonNode metrics = run.json(Stage.METRICS, EvaluateStage.METRICS_FILE);
    assertThat(metrics.at("/task").asText()).isEqualTo("multilabel");
    assertThat(metrics.at("/label/classes")).hasSize(3);
    assertThat(metrics.at("/test/microF1").asDouble()).isGreaterThan(0.9);
    assertThat(metrics.at("/test/rocAuc").asDouble()).isGreaterThan(0.95);
    assertThat(metrics.at("/baselines").properties()).hasSize(1);
    assertThat(metrics.at("/baselines/majority/microF1").asDouble()).isLessThan(0.1);
    assertThat(metrics.at("/baselines/majority/rocAuc").asDouble()).isEqualTo(0.5);
    assertThat(metrics.at("/intervals/test").has("samplesF1")).isTrue();
    assertThat(metrics.at("/slices").isEmpty()).isFalse();
    assertThat(metrics.at("/decisions").isEmpty()).isTrue();
    JsonNode epoch = run.json(Stage.MODEL, "provenance.json").at("/history/0");
    assertThat(epoch.at("/validationMetrics").has("microF1")).isTrue();
    assertThat(epoch.at("/validationMetrics").has("accuracy")).isFalse();
    assertThat(String.join("\n", said))
        .contains(
            "label topics: sets are without the names that fewer than 5 train rows have (normalise.label.min-count); with their rows in all parts: rare (3)");
  }

  /** Of the network and of the baseline, and they come to what was measured. */
  @Test
  void whatIsSaidOfEachRowIsKept() throws IOException {
    Map<String, long[]> rightOfAll = new TreeMap<>();
    for (Row row : run.keptPredictions()) {
      List<Double> outputs = row.getList(row.fieldIndex("outputs"));
      List<Integer> said = new ArrayList<>();
      for (int name = 0; name < outputs.size(); name++) {
        if (outputs.get(name) >= 0.5) {
          said.add(name);
        }
      }
      long[] counts = rightOfAll.computeIfAbsent(row.getAs("model"), model -> new long[2]);
      counts[0] += row.<Integer>getList(row.fieldIndex("indices")).equals(said) ? 1 : 0;
      counts[1]++;
    }
    assertThat(rightOfAll).containsOnlyKeys("majority", "network");
    run.assertMeasured("subsetAccuracy", rightOfAll);
  }

  /** An empty field is no label, a separator alone is the empty set. */
  @Test
  void aMissingSetIsRejectedAndAnEmptyOneLearnt() {
    List<Row> rejects = run.outputs().rows(Stage.REJECTS).collectAsList();
    assertThat(rejects).hasSize(1);
    assertThat(rejects.get(0).<String>getAs("_key")).isEqualTo("9001");
    assertThat(rejects.get(0).<String>getAs("_rule")).isEqualTo("normalise.label");
    assertThat(String.join("\n", said))
        .contains(
            "label topics: a null, as an empty field of CSV is, counts as a missing label; where it"
                + " means a set without a name, add the rule { type = derive, column = \"topics\", to ="
                + " STRING, expression = \"coalesce(`topics`, '')\" }");
    assertThat(run.outputs().rows(Stage.FEATURES).filter("size(label) = 0").count())
        .isGreaterThan(50);
  }

  @Test
  void theReportShowsEachTopicAndWhatSpeaksForIt() throws IOException {
    String html = Files.readString(run.outputs().path(Stage.METRICS).resolve("report.html"));
    assertThat(html)
        .contains("F1, micro", "Hamming loss", "rain, 雨", "By length of review</h2>")
        .contains("umbrella", "sets are without the names")
        .doesNotContain("Confusion matrix</h2>");
    JsonNode tokens = run.json(Stage.EXPLANATIONS, "tokens.json");
    assertThat(tokens.toString()).contains("\"umbrella\"", "\"sport\"");
    assertThat(run.json(Stage.EXPLANATIONS, "importances.json").toString()).contains("rocAuc");
  }

  @Test
  void theJobAndPlainJavaSayTheSame() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    StringBuilder csv = new StringBuilder("id,review,topics\n");
    for (Row row : run.outputs().rows(Stage.SPLIT).filter("_part = 'test'").collectAsList()) {
      String id = String.valueOf(row.<Object>getAs("id"));
      texts.put(id, row.getAs("review"));
      csv.append("%s,%s,\"%s\"\n".formatted(id, texts.get(id), row.getAs("topics")));
    }
    texts.put("9100", "a goal under an umbrella");
    csv.append("9100,%s,\n".formatted(texts.get("9100")));
    texts.put("9101", "nobody left");
    csv.append("9101,%s,art;rare\n".formatted(texts.get("9101")));
    Map<String, Map<String, Object>> records = new TreeMap<>();
    texts.forEach((id, text) -> records.put(id, Map.of("review", text)));
    assertThat(records).hasSizeGreaterThan(50);
    List<String> measuredRows =
        run.assertScorerEqualsPredict(
            csv.toString(),
            records,
            row -> {
              Map<String, Float> probabilities = new LinkedHashMap<>();
              for (String topic : List.of("food", "rain, 雨", "sport")) {
                probabilities.put(topic, row.getAs("probability_" + topic));
              }
              return new Prediction.OfSet(row.getList(row.fieldIndex("prediction")), probabilities);
            },
            "predict.measure=true");
    assertThat(new Scorer(run.bundle()).score(Map.of("review", "a goal under an umbrella")))
        .isInstanceOfSatisfying(
            Prediction.OfSet.class, set -> assertThat(set.names()).contains("rain, 雨", "sport"));
    assertThat(String.join("\n", measuredRows))
        .contains("measured without names that the bundle does not know, with their rows: ");
    // The test rows are measured again, as they were judged, and one without a topic that is known.
    JsonNode measured = run.json(Stage.PREDICTIONS, EvaluateStage.METRICS_FILE);
    JsonNode judged = run.json(Stage.METRICS, EvaluateStage.METRICS_FILE);
    assertThat(measured.at("/test/rows").asInt()).isEqualTo(judged.at("/test/rows").asInt() + 1);
    assertThat(measured.at("/test/microRecall")).isEqualTo(judged.at("/test/microRecall"));
  }
}
