package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** Mails in folders of their classes through a whole run, without a schema, and others scored. */
final class TextSourcesTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = texts, seed = 7, runs-dir = "{dir}/runs" }
      ingest { format = mail, path = "{dir}/data", max-quarantined = 0.1 }
      normalise { label.column = label, features = [{ columns = [subject], steps = [one-hot] }] }
      model { type = mlp, hidden = [4] }
      train { epochs = 40, logical-workers = 1, updater { type = adam, learning-rate = 0.05 } }
      evaluate { baselines = [], resamples = 50 }
      explain { repeats = 2, max-rows = 10 }
      """;

  @TempDir static Path dir = Path.of("");

  @BeforeAll
  static void run() throws IOException {
    LocalSpark.session();
    for (int i = 0; i < 120; i++) {
      write(
          "data/spam/%s".formatted(i),
          i % 3 == 0 ? "buy" : "win",
          "Größere Wörter für müde Hörer, schöne Grüße, daß das ß heißt, wie es heißt " + i);
      write("data/ham/%s".formatted(i), i % 3 == 0 ? "lunch" : "thanks", "friend " + i);
    }
    Files.writeString(dir.resolve("data/ham/bytes"), "no mail");
    Files.writeString(dir.resolve("texts.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
  }

  private static void write(String name, String subject, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    String mail = "Subject: %s\n\n%s".formatted(subject, text);
    Files.write(file, mail.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static List<String> out(String job, String... settings) {
    String[] arguments = new String[2 + 2 * settings.length];
    arguments[0] = job;
    arguments[1] = dir.resolve("texts.conf").toString();
    for (int i = 0; i < settings.length; i++) {
      arguments[2 + 2 * i] = "--set";
      arguments[3 + 2 * i] = settings[i];
    }
    return CommandLine.out(arguments).stream().map(String::strip).toList();
  }

  @Test
  void foldersOfMailsTrainANetworkThatScoresOthers() throws IOException {
    assertThat(out("run"))
        .contains(
            "the first: %s/data/ham/bytes:1: has no header, as a mail does".formatted(dir),
            "encodings: UTF-8 in 120 files, windows-1252 in 120 files",
            "neither features nor labels: sender, date, text, html");

    write("new/1", "buy", "one");
    write("new/2", "thanks", "two");
    write("new/of/folder", "never seen", "three");
    assertThat(
            String.join(
                "\n",
                out(
                    "predict",
                    "predict.source.path=" + dir.resolve("new"),
                    "predict.source.format=mail")))
        .contains("encodings: UTF-8 in 3 files", "3 rows scored with bundle");
    StageOutputs outputs = new StageOutputs(dir.resolve("runs/texts"));
    List<Row> scored =
        LocalSpark.session()
            .read()
            .parquet(outputs.path(Stage.PREDICTIONS).resolve("scored").toString())
            .orderBy("source")
            .collectAsList();
    assertThat(scored)
        .extracting(
            row ->
                RowFactory.create(
                    row.<Object>getAs("key"),
                    row.<Object>getAs("position"),
                    row.<Object>getAs("subject"),
                    row.<Object>getAs("label")))
        .containsExactly(
            RowFactory.create(dir + "/new/1:1", 1L, "buy", null),
            RowFactory.create(dir + "/new/2:1", 1L, "thanks", null),
            RowFactory.create(dir + "/new/of/folder:1", 1L, "never seen", "of"));
    assertThat(scored).extracting(row -> row.<Object>getAs("prediction")).startsWith("spam", "ham");
    Scorer scorer = Scorer.load(outputs.path(Stage.MODEL));
    for (Row row : scored) {
      Prediction prediction = scorer.score(Map.of("subject", row.<Object>getAs("subject")));
      assertThat(prediction)
          .isInstanceOfSatisfying(
              Prediction.OfClass.class,
              of ->
                  assertThat(of.probabilities())
                      .containsOnly(
                          Map.entry("ham", row.<Float>getAs("probability_ham")),
                          Map.entry("spam", row.<Float>getAs("probability_spam"))));
    }
  }
}
