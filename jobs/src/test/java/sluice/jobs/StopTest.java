package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.data.Json;
import sluice.run.Stage;
import sluice.testing.LocalSpark;

/** A training that is told to end by SIGTERM, as cluster managers and schedulers do. */
@Tag("server")
final class StopTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final String CONFIGURATION =
      """
      pipeline { name = long, seed = 3, runs-dir = "{dir}/unbroken" }
      ingest {
        format = csv, path = "{dir}/data.csv", options { header = true }
        schema = "a DOUBLE, b DOUBLE, y STRING"
      }
      split { stratify-by = y }
      normalise {
        label = { column = y, type = class, positive = "yes" }
        features = [{ columns = [a, b], steps = [standardise] }]
      }
      model { type = mlp, hidden = [512, 512], dropout = 0.1 }
      train {
        epochs = 6, batch-size = 16, logical-workers = 2, averaging-frequency = 1, outer = slow-momentum
        checkpoint.every = 1000000, early-stopping.patience = 0
      }
      """;

  @Test
  void theRoundBeforeIsOnDiskAndTheNextRunGoesOnFromIt(@TempDir Path dir) throws Exception {
    LocalSpark.session();
    Files.writeString(dir.resolve("data.csv"), csv());
    Path conf =
        Files.writeString(dir.resolve("x.conf"), CONFIGURATION.replace("{dir}", dir.toString()));
    for (String job : List.of("ingest", "clean", "split", "normalise", "augment")) {
      CommandLine.out(job, conf.toString());
    }
    FileUtils.copyDirectory(dir.resolve("unbroken").toFile(), dir.resolve("stopped").toFile());
    CommandLine.out("train", conf.toString());

    File said = dir.resolve("said").toFile();
    Process training = start(dir, conf, said);
    awaitRounds(training, said);
    training.destroy();
    assertThat(training.waitFor(10, TimeUnit.SECONDS)).as("ended within 10 s").isTrue();
    assertThat(training.exitValue()).isEqualTo(143);
    assertThat(Files.readString(said.toPath()))
        .contains("stopped: what was published is whole, and the same command goes on from there")
        .containsPattern("train: stopped, the latest finished round is file:.*/round-\\d{9}")
        .doesNotContain("Exception");
    Path run = dir.resolve("stopped/long");
    assertThat(checkpoints(run)).hasSize(1);
    var status = Json.tree(Files.readString(run.resolve("_status.json")), "status");
    assertThat(status.at("/exitCode").asInt()).isEqualTo(143);
    assertThat(status.at("/state").asText()).isEqualTo("failed");
    assertThat(status.at("/message").asText()).isEqualTo("stopped by a signal");

    assertThat(start(dir, conf, said).waitFor()).as(said.toString()).isZero();
    assertThat(Files.readString(said.toPath()))
        .containsPattern("train: goes on from file:.*/round-\\d{9}");
    assertThat(parameters(run)).containsExactly(parameters(dir.resolve("unbroken/long")));
  }

  private static Process start(Path dir, Path conf, File said) throws IOException {
    return new ProcessBuilder(
            ROOT.resolve("scripts/sluice").toString(),
            "train",
            conf.toString(),
            "--set",
            "pipeline.runs-dir=" + dir.resolve("stopped"))
        .redirectErrorStream(true)
        .redirectOutput(said)
        .start();
  }

  /** Until the screen shows that some rounds are done. */
  private static void awaitRounds(Process training, File said) throws Exception {
    while (training.isAlive()) {
      try (BufferedReader lines = Files.newBufferedReader(said.toPath(), StandardCharsets.UTF_8)) {
        if (lines.lines().anyMatch(line -> line.matches(".*epoch [2-6] of 6, round \\d+.*"))) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new AssertionError("ended by itself: " + Files.readString(said.toPath()));
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    var rounds = FileSystems.getDefault().getPathMatcher("glob:**/round-*");
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
      return files.filter(rounds::matches).toList();
    }
  }

  private static float[] parameters(Path run) {
    return ModelBundle.load(new StageOutputs(run).path(Stage.MODEL)).parameters();
  }

  private static String csv() {
    Random random = new Random(7);
    StringBuilder csv = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 2000; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      csv.append(String.format(Locale.ROOT, "%.6f,%.6f,%s%n", a, b, a + b > 0 ? "yes" : "no"));
    }
    return csv.toString();
  }
}
