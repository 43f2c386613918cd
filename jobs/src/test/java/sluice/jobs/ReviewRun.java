package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.stages.PredictStage;
import sluice.testing.LocalSpark;

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
    Map<String, Map<String, Object>> records = new TreeMap<>();
    texts.forEach((id, text) -> records.put(id, Map.of("stars", 3, "review", text)));
    assertScorerEqualsPredict(
        csv.toString(),
        records,
        row -> {
          List<Float> probabilities = row.getList(row.fieldIndex(BatchScorer.PROBABILITIES));
          return new Prediction.OfClass(
              row.getAs(BatchScorer.PREDICTION),
              row.getAs(BatchScorer.DECISION),
              Map.of("bad", probabilities.get(0), "good", probabilities.get(1)));
        });
  }

  /**
   * {@code predict} and {@code Scorer} say the same of rows.
   *
   * @param csv the rows as a file has them
   * @param records what {@code Scorer} is given of them, by key
   * @param said what the job says of a row
   * @param settings of the job beside the file
   * @return what the job printed
   */
  List<String> assertScorerEqualsPredict(
      String csv,
      Map<String, Map<String, Object>> records,
      Function<Row, Prediction> said,
      String... settings)
      throws IOException {
    Path source = Files.writeString(directory.resolve("new.csv"), csv);
    List<String> command =
        new ArrayList<>(
            List.of(
                "predict",
                directory.resolve("reviews.conf").toString(),
                "--set",
                "predict.source.path=" + source));
    Stream.of(settings).forEach(setting -> command.addAll(List.of("--set", setting)));
    List<String> printed = CommandLine.out(command.toArray(String[]::new));
    Map<String, Prediction> byJob = new TreeMap<>();
    for (Row row : outputs().rows(Stage.PREDICTIONS, PredictStage.SCORED).collectAsList()) {
      byJob.put(row.getAs("key"), said.apply(row));
    }
    Scorer scorer = new Scorer(bundle());
    Map<String, Prediction> inJava = new TreeMap<>();
    records.forEach((id, record) -> inJava.put(id, scorer.score(record)));
    assertThat(inJava).isEqualTo(byJob);
    return printed;
  }

  /**
   * What {@code predictions.parquet} says of the test rows comes to a metric that was measured.
   *
   * @param rightOfAll by model how many are right, and of how many
   */
  void assertMeasured(String metric, Map<String, long[]> rightOfAll) throws IOException {
    JsonNode measured = json(Stage.METRICS, "metrics.json");
    rightOfAll.forEach(
        (model, counts) ->
            assertThat((double) counts[0] / counts[1])
                .isCloseTo(
                    measured
                        .at(
                            (model.equals("network") ? "/test/" : "/baselines/" + model + "/")
                                + metric)
                        .asDouble(),
                    within(1e-12)));
  }

  /** The test rows of {@code predictions.parquet}. */
  List<Row> keptPredictions() {
    return LocalSpark.session()
        .read()
        .parquet(outputs().path(Stage.METRICS).resolve("predictions.parquet").toString())
        .filter("part = 'test'")
        .collectAsList();
  }
}
