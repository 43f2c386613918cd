package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.data.Field;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** A folder of class folders, Chinese and English, by three lines of configuration. */
final class FolderOfTextsTest {
  private static final List<String> COMMON = List.of("the", "a", "of", "and", "is", "一", "是", "在");

  @Test
  void threeLinesTrainANetwork(@TempDir Path directory) throws IOException {
    LocalSpark.session();
    Random random = new Random(4);
    for (int i = 0; i < 90; i++) {
      write(directory, "sea/" + i + ".txt", random, List.of("wave", "ship", "harbour", "海", "船"));
      write(directory, "land/" + i + ".txt", random, List.of("field", "road", "barn", "田", "路"));
    }
    Path file = directory.resolve("texts.conf");
    Files.writeString(
        file,
        """
        pipeline { name = texts, runs-dir = "%1$s/runs" }
        ingest { format = folders, path = "%1$s/data" }
        train.epochs = 15
        """
            .formatted(directory));
    List<String> out =
        CommandLine.out(
            "run",
            file.toString(),
            "--set",
            "evaluate.baselines=[]",
            "--set",
            "evaluate.predictions=true",
            "--set",
            "explain.max-rows=10",
            "--set",
            "explain.leave-one-out.rows=0");
    assertThat(String.join("\n", out)).contains("text a series of", "weighted indices");
    StageOutputs outputs = new StageOutputs(directory.resolve("runs/texts"));
    assertThatEachRowsPredictionsAreKept(outputs);
    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    assertThat(scorer.columns()).extracting(Field::name).containsExactly("text");
    assertThat(((Prediction.OfClass) scorer.score(Map.of("text", "A ship, a wave!"))).decision())
        .isEqualTo("sea");
    assertThat(
            ((Prediction.OfClass) scorer.score(Map.of("text", "the road is a field"))).decision())
        .isEqualTo("land");
    assertThat(scorer.score(Map.of("text", " "))).isInstanceOf(Prediction.Unscored.class);
  }

  /** Of the network and of the constant, and they come to the accuracy that was measured. */
  private static void assertThatEachRowsPredictionsAreKept(StageOutputs outputs)
      throws IOException {
    Path metrics = outputs.path(Stage.METRICS);
    double accuracy =
        Json.tree(Files.readString(metrics.resolve("metrics.json")), "metrics.json")
            .at("/test/accuracy")
            .asDouble();
    List<Row> predictions =
        LocalSpark.session()
            .read()
            .parquet(metrics.resolve("predictions.parquet").toString())
            .groupBy("label", "model", "part")
            .agg(
                functions.expr("count(distinct key)"),
                functions.expr("avg(int(if(outputs[1] > 0.5, 1, 0) = truth))"))
            .orderBy("model", "part")
            .collectAsList();
    assertThat(predictions)
        .extracting(row -> row.getString(0) + " " + row.getString(1) + " " + row.getString(2))
        .containsExactly(
            "label majority test",
            "label majority validation",
            "label network test",
            "label network validation");
    assertThat(predictions).extracting(row -> row.getLong(3)).containsOnly(27L);
    assertThat(predictions.get(2).getDouble(4)).isCloseTo(accuracy, within(1e-9));
  }

  private static void write(Path directory, String name, Random random, List<String> words)
      throws IOException {
    String text =
        IntStream.range(0, 12)
            .mapToObj(i -> i % 3 == 0 ? words : COMMON)
            .map(from -> from.get(random.nextInt(from.size())))
            .collect(Collectors.joining(" "));
    Path file = directory.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
