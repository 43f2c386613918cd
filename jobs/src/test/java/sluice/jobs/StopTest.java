package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.ModelBundle;
import sluice.data.Json;
import sluice.run.Stage;

/** A training that is told to end by SIGTERM, as cluster managers and schedulers do. */
@Tag("server")
final class StopTest {
  /** A checkpoint is never due, so that whatever is there was written at the end. */
  private static final List<String> LONG =
      List.of(
          "model.hidden=[64,64]",
          "train.epochs=4",
          "train.batch-size=16",
          "train.logical-workers=2",
          "train.averaging-frequency=1",
          "train.outer=slow-momentum",
          "train.checkpoint.every=1000000");

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path dir;

  @Test
  void theRoundBeforeIsOnDiskAndTheNextRunGoesOnFromIt() throws Exception {
    TinyRun run = TinyRun.prepare(dir);
    FileUtils.copyDirectory(dir.resolve("runs").toFile(), dir.resolve("stopped").toFile());
    CommandLine.out(train(run, "runs"));

    Path said = dir.resolve("said");
    Path events = Files.createDirectory(dir.resolve("events"));
    Process training = start(run, said, events);
    awaitRounds(training, events, said);
    training.destroy();
    assertThat(training.waitFor(10, TimeUnit.SECONDS)).as("ended within 10 s").isTrue();
    assertThat(training.exitValue()).isEqualTo(143);
    assertThat(Files.readString(said))
        .contains("stopped: what was published is whole, and the same command goes on from there")
        .doesNotContain("Exception");
    Path stopped = dir.resolve("stopped/tiny");
    Path logs = stopped.resolve("_logs");
    assertThat(text(logs))
        .containsPattern("train: stopped, the latest finished round is file:.*/round-\\d{9}")
        .doesNotContain("Exception");
    assertThat(checkpoints(stopped)).hasSize(1);
    var status = Json.tree(Files.readString(stopped.resolve("_status.json")), "status");
    assertThat(status.at("/exitCode").asInt()).isEqualTo(143);
    assertThat(status.at("/state").asText()).isEqualTo("failed");
    assertThat(status.at("/message").asText()).isEqualTo("stopped by a signal");

    assertThat(start(run, said, events).waitFor()).isZero();
    assertThat(text(logs)).containsPattern("train: goes on from file:.*/round-\\d{9}");
    assertThat(parameters(new StageOutputs(stopped))).containsExactly(parameters(run.outputs()));
  }

  private String[] train(TinyRun run, String runs) {
    List<String> command = new ArrayList<>(List.of("train", run.configuration().toString()));
    LONG.forEach(setting -> command.addAll(List.of("--set", setting)));
    command.addAll(List.of("--set", "pipeline.runs-dir=" + dir.resolve(runs)));
    return command.toArray(String[]::new);
  }

  private Process start(TinyRun run, Path said, Path events) throws IOException {
    List<String> command = new ArrayList<>(List.of("sluice"));
    command.addAll(List.of(train(run, "stopped")));
    for (String setting : List.of("enabled=true", "compress=false", "dir=file:" + events)) {
      command.addAll(List.of("--set", "spark.spark.eventLog." + setting));
    }
    return new Scripts(dir, Map.of())
        .start(dir.resolve("printed"), said, command.toArray(String[]::new));
  }

  /** Until Spark's log of events has a round of the second epoch, a job of its own. */
  private static void awaitRounds(Process training, Path events, Path said) throws Exception {
    while (training.isAlive()) {
      if (text(events).contains("train: epoch 2, minibatches ")) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("ended by itself: " + Files.readString(said));
  }

  private static String text(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> logs = Files.list(directory)) {
      for (Path log : logs.toList()) {
        text.append(Files.readString(log));
      }
    }
    return text.toString();
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    var rounds = FileSystems.getDefault().getPathMatcher("glob:**/round-*");
    try (Stream<Path> files = Files.walk(run.resolve("checkpoints"))) {
      return files.filter(rounds::matches).toList();
    }
  }

  private static float[] parameters(StageOutputs outputs) {
    return ModelBundle.load(outputs.path(Stage.MODEL)).parameters();
  }
}
