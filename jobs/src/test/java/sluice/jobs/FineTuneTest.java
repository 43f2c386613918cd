package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.adaptation.AdaptedFrom;
import sluice.bundle.ModelBundle;
import sluice.cli.Main;
import sluice.data.Json;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.stages.TrainStage;
import sluice.testing.LocalSpark;

/** A network that learned one label of a table with a text is fine-tuned for another. */
@Tag("pipeline")
final class FineTuneTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = {name}, seed = 3, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/{file}.csv", options { header = true }
        schema = "text STRING, size DOUBLE, topic STRING, even STRING"
      }
      normalise {
        label = { column = {label} }
        features = [
          { columns = [text], steps = [{ type = words, min-count = 1 }] }
          { columns = [size], steps = [standardise] }
        ]
      }
      model {
        type = network
        inputs { text = { type = bag, dimension = 8, hidden = [8], dropout = 0 } }
        l2 = 0
      }
      train { epochs = 4, batch-size = 16, logical-workers = 2 }
      """;

  private static Path dir;

  @BeforeAll
  static void source(@TempDir Path directory) throws IOException {
    LocalSpark.session();
    dir = directory;
    Random random = new Random(7);
    table("many", 400, random);
    table("few", 120, random);
    configuration("source", "many", "topic");
    configuration("tuned", "few", "even");
    assertThat(sluice("prepare", "source")).isEmpty();
    assertThat(sluice("train", "source")).isEmpty();
  }

  private static void table(String name, int rows, Random random) throws IOException {
    StringBuilder csv = new StringBuilder("text,size,topic,even\n");
    for (int i = 0; i < rows; i++) {
      int topic = random.nextInt(4);
      for (int word = 0; word < 5; word++) {
        csv.append("t%dw%d ".formatted(topic, random.nextInt(30)));
      }
      csv.append(",%s,topic%d,%s%n".formatted(random.nextInt(100), topic, topic % 2 == 0));
    }
    Files.writeString(dir.resolve(name + ".csv"), csv.toString());
  }

  private static void configuration(String name, String file, String label) throws IOException {
    Files.writeString(
        dir.resolve(name + ".conf"),
        CONFIGURATION
            .replace("{name}", name)
            .replace("{dir}", dir.toString())
            .replace("{file}", file)
            .replace("{label}", label));
  }

  /** Runs a job that must succeed, or whose errors are returned. */
  private static List<String> sluice(String job, String name, String... keys) {
    List<String> arguments = new ArrayList<>(List.of(job, dir.resolve(name + ".conf").toString()));
    Arrays.stream(keys).forEach(key -> arguments.addAll(List.of("--set", key)));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream real = System.err;
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(arguments.toArray(String[]::new));
      return code == 0 ? List.of() : err.toString(StandardCharsets.UTF_8).lines().toList();
    } finally {
      System.setErr(real);
    }
  }

  private static String from() {
    return "train.adapt.from=" + dir.resolve("runs/source");
  }

  private static Published published(String name, Stage stage) {
    return new StageOutputs(dir.resolve("runs").resolve(name)).published(stage);
  }

  private static ModelBundle bundle(String name) {
    return ModelBundle.load(Path.of(published(name, Stage.MODEL).path().toUri().getPath()));
  }

  private static float[] tokens(ModelBundle bundle) {
    return bundle.network().namedLayers().stream()
        .filter(layer -> layer.name().equals("encoder/text/tokens"))
        .map(
            layer ->
                Arrays.copyOfRange(
                    bundle.parameters(), layer.from(), layer.from() + layer.parameters()))
        .findFirst()
        .orElseThrow();
  }

  /** The vocabulary is that of the many rows, and what was frozen is theirs to the bit. */
  @Test
  void anotherLabelIsLearnedOfFewerRows() throws IOException {
    String[] keys = {from(), "train.adapt.inputs=[text]", "train.adapt.freeze=[text/tokens]"};
    assertThat(sluice("prepare", "tuned", keys)).isEmpty();
    assertThat(sluice("train", "tuned", keys)).isEmpty();
    ModelBundle source = bundle("source");
    ModelBundle tuned = bundle("tuned");
    assertThat(tuned.features().get(0)).isEqualTo(source.features().get(0));
    assertThat(tuned.features().get(1)).isNotEqualTo(source.features().get(1));
    assertThat(tokens(tuned)).containsExactly(tokens(source));
    AdaptedFrom adapted = Objects.requireNonNull(tuned.provenance().adapted());
    assertThat(adapted.sha256()).isEqualTo(source.sha256()).startsWith(source.id()).hasSize(64);
    assertThat(adapted.inputs()).containsExactly("text");
    assertThat(adapted.taken()).containsExactly("encoder/text/tokens", "encoder/text/dense1");
    assertThat(adapted.frozen()).containsExactly("encoder/text/tokens");
    assertThat(adapted.fresh()).hasSize(2);
    assertThat(source.provenance().adapted()).isNull();

    Published model = published("tuned", Stage.MODEL);
    Published features = published("tuned", Stage.FEATURES);
    assertThat(model.manifest().key().inputs()).containsEntry("adapted", source.sha256());
    assertThat(features.manifest().key().inputs()).containsEntry("adapted", source.sha256());
    assertThat(
            Json.read(
                    String.valueOf(model.manifest().facts().get(TrainStage.ADAPTED)),
                    TrainStage.Adapted.class,
                    "fact")
                .from())
        .isEqualTo(adapted);
    assertThat(String.valueOf(features.manifest().facts().get("keptSteps")))
        .contains("\"groups\":[\"text\"]", "is not among train.adapt.inputs");

    // What is frozen does not concern the features.
    keys[2] = "train.adapt.freeze=[text]";
    assertThat(sluice("prepare", "tuned", keys)).isEmpty();
    assertThat(published("tuned", Stage.FEATURES).attempt()).isEqualTo(features.attempt());
    assertThat(sluice("train", "tuned", keys)).isEmpty();
    assertThat(published("tuned", Stage.MODEL).attempt()).isNotEqualTo(model.attempt());
    assertThat(sluice("evaluate", "tuned", keys)).isEmpty();
    Path metrics = Path.of(published("tuned", Stage.METRICS).path().toUri().getPath());
    assertThat(Files.readString(metrics.resolve("report.html")))
        .contains("adapted from", source.sha256(), "encoder/text/tokens");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThat(sluice("prepare", "tuned", "train.adapt.inputs=[text]").get(0))
        .endsWith("train.adapt.from must be given with other keys of adapt");
    assertThat(sluice("prepare", "tuned", from(), "train.adapt.inputs=[words]").get(0))
        .endsWith("train.adapt.inputs must be feature groups, got words; there are text, size");
    assertThat(
            sluice("prepare", "tuned", from(), "train.warm-start.bundle=" + dir.resolve("x"))
                .get(0))
        .contains("adapt.from must not be given with warm-start.bundle");
    assertThat(sluice("prepare", "tuned", "train.adapt.from=" + dir.resolve("none")))
        .containsExactly(
            "train.adapt.from: %s/none: must be a directory with bundle.json, or a run that was trained, or its directory model, or a local folder with model.onnx and tokenizer.json"
                .formatted(dir));
    assertThat(
            sluice(
                "prepare",
                "tuned",
                from(),
                "pipeline.name=other",
                "train.adapt.inputs=[text]",
                "normalise.features=[{ columns = [text], steps = [characters] }]"))
        .containsExactly(
            "train.adapt.from: %s/runs/source: group text: the fitted steps of column text must be of [characters] as here, got [word-series]"
                .formatted(dir));
  }
}
