package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.stages.PredictStage;

/**
 * The run of {@code reviews.conf} in a directory: reviews and stars, whose mood is good or bad.
 *
 * @param directory holds the configuration and {@code runs}
 */
record ReviewRun(Path directory) {
  StageOutputs outputs() {
    return new StageOutputs(directory.resolve("runs/reviews"));
  }

  ModelBundle bundle() {
    return ModelBundle.load(outputs().path(Stage.MODEL));
  }

  JsonNode json(Stage stage, String file) throws IOException {
    return Json.tree(Files.readString(outputs().path(stage).resolve(file)), file);
  }

  /**
   * {@code predict} and {@code Scorer} say the same of every test row, and of texts that no row is
   * like.
   *
   * @param least how many test rows there must be
   * @param firstId of the other texts
   */
  void assertScorerEqualsPredict(int least, int firstId, List<String> others) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (Row row : outputs().rows(Stage.SPLIT).filter("_part = 'test'").collectAsList()) {
      texts.put(String.valueOf(row.<Object>getAs("id")), row.getAs("review"));
    }
    assertThat(texts).hasSizeGreaterThan(least);
    for (int i = 0; i < others.size(); i++) {
      texts.put(Integer.toString(firstId + i), others.get(i));
    }
    StringBuilder csv = new StringBuilder("id,stars,review\n");
    texts.forEach((id, text) -> csv.append("%s,3,\"%s\"\n".formatted(id, text)));
    Files.writeString(directory.resolve("new.csv"), csv);
    CommandLine.out(
        "predict",
        directory.resolve("reviews.conf").toString(),
        "--set",
        "predict.source.path=" + directory.resolve("new.csv"));
    Map<String, Prediction> byJob = new TreeMap<>();
    for (Row row : outputs().rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList()) {
      List<Float> probabilities = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
      byJob.put(
          row.getAs("key"),
          new Prediction.OfClass(
              row.getAs(BatchScorer.PREDICTION),
              row.getAs(BatchScorer.DECISION),
              Map.of("bad", probabilities.get(0), "good", probabilities.get(1))));
    }
    Scorer scorer = new Scorer(bundle());
    Map<String, Prediction> inJava = new TreeMap<>();
    texts.forEach((id, text) -> inJava.put(id, scorer.score(Map.of("stars", 3, "review", text))));
    assertThat(inJava).isEqualTo(byJob);
  }
}
