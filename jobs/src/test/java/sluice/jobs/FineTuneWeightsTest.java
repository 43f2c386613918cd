package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.adaptation.AdaptedFrom;
import sluice.bundle.ModelBundle;
import sluice.bundle.Prediction;
import sluice.bundle.Scorer;
import sluice.pretrained.PretrainedBert;
import sluice.run.Stage;
import sluice.testing.LocalSpark;
import sluice.testing.WordPieceJson;

/** A network that begins with the weights of a small BERT encoder. */
@Tag("pipeline")
final class FineTuneWeightsTest {
  private static final Path WEIGHTS =
      Path.of("../models/src/test/resources/sluice/pretrained/old.onnx");

  private static final String CONFIGURATION =
      """
      pipeline { name = tuned, seed = 3, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/texts.csv", options { header = true }
        schema = "text STRING, size DOUBLE, even STRING"
      }
      normalise {
        label { column = even, positive = "true" }
        features = [
          { columns = [text], steps = [{ type = tokenizer, path = "{dir}/bert/tokenizer.json" }] }
          { columns = [size], steps = [standardise] }
        ]
      }
      model { type = network, inputs { text { type = pretrained, dropout = 0.05 } } }
      train {
        epochs = 3, batch-size = 16, logical-workers = 2, schedule = warmup-linear
        adapt { from = "{dir}/bert", freeze = [text/tokens] }
      }
      """;

  private static Path dir;

  @BeforeAll
  static void texts(@TempDir Path directory) throws IOException {
    LocalSpark.session();
    dir = directory;
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("text,size,even\n");
    for (int i = 0; i < 160; i++) {
      boolean even = random.nextBoolean();
      for (int word = 0; word < 4; word++) {
        csv.append("w%d ".formatted((even ? 5 : 20) + random.nextInt(20)));
      }
      csv.append(",%s,%s%n".formatted(random.nextInt(100), even));
    }
    Files.writeString(dir.resolve("texts.csv"), csv.toString());
    Path bert = Files.createDirectory(dir.resolve("bert"));
    Files.copy(WEIGHTS, bert.resolve("model.onnx"));
    Files.writeString(bert.resolve("tokenizer.json"), WordPieceJson.ofNumbered(40));
    Files.writeString(
        dir.resolve("tuned.conf"), CONFIGURATION.replace("{dir}", directory.toString()));
  }

  private static String configuration() {
    return dir.resolve("tuned.conf").toString();
  }

  private static ModelBundle bundle() {
    return ModelBundle.load(
        Path.of(
            new StageOutputs(dir.resolve("runs/tuned"))
                .published(Stage.MODEL)
                .path()
                .toUri()
                .getPath()));
  }

  /** The bundle says what it was adapted from and needs nothing of it. */
  @Test
  void theWeightsAreWhereTrainingBegins() throws IOException {
    CommandLine.out("run", configuration());
    ModelBundle bundle = bundle();
    AdaptedFrom adapted = Objects.requireNonNull(bundle.provenance().adapted());
    String sha256 = PretrainedBert.digest(dir.resolve("bert"));
    assertThat(adapted.sha256()).isEqualTo(sha256);
    assertThat(adapted.inputs()).containsExactly("text");
    assertThat(adapted.taken())
        .containsExactly(
            "encoder/text/tokens",
            "encoder/text/tokens-normalised",
            "encoder/text/block1",
            "encoder/text/block2");
    assertThat(adapted.frozen()).containsExactly("encoder/text/tokens");
    assertThat(adapted.fresh())
        .containsExactly("columns: there must be one, got none", "head: predicts");
    Path metrics =
        Path.of(
            new StageOutputs(dir.resolve("runs/tuned"))
                .published(Stage.METRICS)
                .path()
                .toUri()
                .getPath());
    assertThat(Files.readString(metrics.resolve("report.html")))
        .contains("adapted from", sha256, "encoder/text/block2");
    assertThat(bundle.isGeneral()).isTrue();
    Files.move(dir.resolve("bert"), dir.resolve("gone"));
    try {
      Prediction prediction =
          Scorer.load(
                  Path.of(
                      new StageOutputs(dir.resolve("runs/tuned"))
                          .published(Stage.MODEL)
                          .path()
                          .toUri()
                          .getPath()))
              .score(Map.of("text", "w5 w6 w7", "size", 3.0));
      assertThat(prediction.toString()).contains("true");
    } finally {
      Files.move(dir.resolve("gone"), dir.resolve("bert"));
    }
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThat(
            CommandLine.of(
                    "validate",
                    configuration(),
                    "--set",
                    "train.adapt.from=null",
                    "--set",
                    "train.adapt.freeze=[]")
                .err())
        .anyMatch(
            line ->
                line.endsWith(
                    "model.inputs.text = pretrained needs train.adapt.from, which names what it is of"));
    assertThat(
            CommandLine.of("validate", configuration(), "--set", "train.adapt.inputs=[size]").err())
        .anyMatch(
            line ->
                line.endsWith(
                    "train.adapt.inputs must have text, whose encoder is pretrained, got [size]"));
  }
}
