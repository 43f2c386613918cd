package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.cli.Main;
import sluice.data.Json;
import sluice.run.Published;
import sluice.run.Stage;
import sluice.stages.TrainStage;
import sluice.testing.LocalSpark;
import sluice.training.checkpoint.EpochRecord;

/** Trainings that start from the bundle of another run. */
@Tag("pipeline")
final class WarmStartTest {
  private static final String CONFIGURATION =
      """
      pipeline { name = source, seed = 3, runs-dir = "{dir}/runs" }
      ingest {
        format = csv, path = "{dir}/data.csv", options { header = true }
        schema = "a DOUBLE, b DOUBLE, city STRING, y STRING"
      }
      split { stratify-by = y }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [
          { columns = [a, b], steps = [standardise] }
          { columns = [city], steps = [one-hot] }
        ]
      }
      model { type = mlp, hidden = [8] }
      train { epochs = 5, batch-size = 16, logical-workers = 2 }
      """;

  /** Steps too small to change a parameter. */
  private static final List<String> STILL =
      List.of("train.epochs=1", "train.updater.type=sgd", "train.updater.learning-rate=1e-30");

  private static Path dir;

  @BeforeAll
  static void source(@TempDir Path directory) throws IOException {
    LocalSpark.session();
    dir = directory;
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("a,b,city,y\n");
    for (int i = 0; i < 300; i++) {
      double a = random.nextGaussian();
      double b = 5 + 3 * random.nextGaussian();
      csv.append(
          String.format(
              Locale.ROOT,
              "%.6f,%.6f,%s,%s%n",
              a,
              b,
              i % 2 == 0 ? "Bonn" : "Kiel",
              a + b > 5 ? "yes" : "no"));
    }
    Files.writeString(dir.resolve("data.csv"), csv.toString());
    Files.writeString(dir.resolve("x.conf"), CONFIGURATION.replace("{dir}", directory.toString()));
    assertThat(sluice("prepare")).isEmpty();
    assertThat(sluice("train")).isEmpty();
  }

  /** Runs a job that must succeed, or whose errors are returned. */
  private static List<String> sluice(String job, String... more) {
    List<String> arguments = new ArrayList<>(List.of(job, dir.resolve("x.conf").toString()));
    arguments.addAll(List.of(more));
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

  /** A job of a copy of the source's run, with keys set. */
  private static List<String> of(String copy, String job, List<String> keys) {
    List<String> more = new ArrayList<>(List.of("--set", "pipeline.runs-dir=" + dir.resolve(copy)));
    keys.forEach(key -> more.addAll(List.of("--set", key)));
    return sluice(job, more.toArray(String[]::new));
  }

  /** All that makes the model of a new copy, with keys set; what they do not change is there. */
  private static List<String> trained(String copy, List<String> keys) throws IOException {
    FileUtils.copyDirectory(dir.resolve("runs").toFile(), dir.resolve(copy).toFile());
    List<String> errors = of(copy, "prepare", keys);
    return errors.isEmpty() ? of(copy, "train", keys) : errors;
  }

  private static String from(Path bundle) {
    return "train.warm-start.bundle=" + bundle;
  }

  private static List<String> and(List<String> keys, String... more) {
    return Stream.concat(keys.stream(), Stream.of(more)).toList();
  }

  private static Published model(String runs) {
    return new StageOutputs(dir.resolve(runs).resolve("source")).published(Stage.MODEL);
  }

  private static ModelBundle bundle(String runs) {
    return ModelBundle.load(Path.of(model(runs).path().toUri().getPath()));
  }

  private static TrainStage.WarmStart fact(String runs) {
    return Json.read(
        String.valueOf(model(runs).manifest().facts().get(TrainStage.WARM_START)),
        TrainStage.WarmStart.class,
        "fact");
  }

  private static Path copy(String name) throws IOException {
    Path copy = Files.createDirectory(dir.resolve(name));
    for (var file : bundle("runs").files().entrySet()) {
      Files.write(copy.resolve(file.getKey()), file.getValue());
    }
    return copy;
  }

  @Test
  void startsWhereTheSourceEndedAndAgainOnlyForAnotherBundle() throws IOException {
    Path place = copy("place");
    List<String> keys = and(STILL, from(place));
    assertThat(trained("warm", keys)).isEmpty();
    ModelBundle source = bundle("runs");
    ModelBundle warm = bundle("warm");
    assertThat(warm.parameters()).containsExactly(source.parameters());
    EpochRecord best =
        source.provenance().history().stream()
            .filter(epoch -> epoch.epoch() == source.provenance().bestEpoch())
            .findFirst()
            .orElseThrow();
    assertThat(warm.provenance().history().get(0).validationLoss())
        .isCloseTo(Objects.requireNonNull(best.validationLoss()), within(1e-6));
    Published first = model("warm");
    assertThat(first.manifest().key().inputs()).containsEntry("warmStart", source.id());
    assertThat(warm.provenance().data()).containsEntry("warmStart", source.id());
    TrainStage.WarmStart fact = fact("warm");
    assertThat(fact.path()).isEqualTo(place.toString());
    assertThat(fact.id()).isEqualTo(source.id());
    assertThat(fact.refitted()).isEmpty();

    assertThat(of("warm", "train", keys)).isEmpty();
    assertThat(model("warm").attempt()).isEqualTo(first.attempt());
    advisePublishesNothing(place);

    float[] other = source.parameters().clone();
    other[0] += 1;
    ModelBundle changed =
        new ModelBundle(
            source.cleaning(),
            source.preprocessing(),
            source.definition(),
            other,
            source.provenance());
    for (var file : changed.files().entrySet()) {
      Files.write(place.resolve(file.getKey()), file.getValue());
    }
    assertThat(of("warm", "train", keys)).isEmpty();
    assertThat(model("warm").attempt()).isNotEqualTo(first.attempt());
    assertThat(bundle("warm").parameters()).containsExactly(other);
  }

  /** What is measured for advice, of a warm start too, is thrown away. */
  private static void advisePublishesNothing(Path place) throws IOException {
    List<Path> before = files(dir.resolve("runs/source/model"));
    assertThat(sluice("train", "--advise", "--set", from(place))).isEmpty();
    assertThat(files(dir.resolve("runs/source/model"))).isEqualTo(before);
    assertThat(sluice("ingest", "--advise")).contains("Unknown option: '--advise'");
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted().toList();
    }
  }

  /** The models of a run stand for its current one, and other means and scales are told. */
  @Test
  void rowsOfOtherScaleAreTrainedOnAndToldOf() throws IOException {
    String csv = Files.readString(dir.resolve("data.csv"));
    Path half = Files.writeString(dir.resolve("half.csv"), csv.substring(0, csv.length() / 2));
    // The row that was cut.
    Files.writeString(half, csv.substring(0, csv.lastIndexOf('\n', csv.length() / 2) + 1));
    assertThat(
            trained(
                "later", and(STILL, "ingest.path=" + half, from(dir.resolve("runs/source/model")))))
        .isEmpty();
    assertThat(bundle("later").parameters()).containsExactly(bundle("runs").parameters());
    assertThat(fact("later").refitted()).containsExactly("a", "b");
    assertThat(fact("later").path()).isEqualTo(model("runs").path().toString());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path models = dir.resolve("runs/source/model");
    String where = "train.warm-start.bundle: %s: ".formatted(models);
    int width = bundle("runs").definition().batcher().inputs().get(0).width();
    Published before = model("runs");
    assertThat(sluice("train", "--set", from(models), "--set", "model.hidden=[5]"))
        .containsExactly(
            where
                + "layer 1 must be DenseLayer relu W[%d, 5] b[5] as here, got DenseLayer relu W[%d, 8] b[8]"
                    .formatted(width, width));
    assertThat(sluice("train", "--set", from(models), "--set", "model.hidden=[8, 5]"))
        .containsExactly(
            where
                + "layer 2 must be DenseLayer relu W[8, 5] b[5] as here, got OutputLayer sigmoid"
                + " W[8, 1] b[1]");
    assertThat(
            trained(
                "columns",
                List.of(
                    from(models),
                    "normalise.features=[{ columns = [b, a], steps = [standardise] },"
                        + " { columns = [city], steps = [index] }]")))
        .containsExactly(
            where + "group group1: feature 1 must be b as here, got a",
            where + "group city: the encoding must be index as here, got one-hot");
    assertThat(
            trained(
                "steps",
                List.of(
                    from(models),
                    "normalise.label.positive=no",
                    "normalise.features=[{ columns = [a, b], steps = [clip-iqr, standardise] },"
                        + " { columns = [city], steps = [one-hot] }]")))
        .containsExactly(
            where
                + "group group1: column a: the fitted steps must be [clip, scale] as here, got"
                + " [scale]",
            where
                + "group group1: column b: the fitted steps must be [clip, scale] as here, got"
                + " [scale]",
            where
                + "the label must be classes of y, no is positive as here, got classes of y, yes is"
                + " positive");
    assertThat(model("runs").attempt()).isEqualTo(before.attempt());
  }

  @Test
  void noBundleOrADamagedOneIsSaid() throws IOException {
    assertThat(sluice("train", "--set", from(dir.resolve("none"))))
        .containsExactly(
            "train.warm-start.bundle: %s/none: must be a directory with bundle.json, or a run that was trained, or its directory model"
                .formatted(dir));
    Path damaged = copy("damaged");
    byte[] parameters = Files.readAllBytes(damaged.resolve("parameters.bin"));
    parameters[5] ^= 1;
    Files.write(damaged.resolve("parameters.bin"), parameters);
    List<String> said = sluice("train", "--set", from(damaged));
    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .startsWith(
            "train.warm-start.bundle: %s/parameters.bin: the SHA-256 must be ".formatted(damaged));
    Files.delete(damaged.resolve("network.json"));
    assertThat(sluice("train", "--set", from(damaged)).get(0))
        .startsWith(
            "train.warm-start.bundle: %s/network.json: a bundle must have this file"
                .formatted(damaged));
  }
}
