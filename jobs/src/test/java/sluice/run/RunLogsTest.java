package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;

class RunLogsTest {
  private Path temp;
  private Instant now = Instant.parse("2026-11-28T17:05:09.123Z");

  @BeforeEach
  void in(@TempDir Path directory) throws IOException {
    temp = directory.toRealPath();
  }

  private HeldRun hold(RunDirectory run) {
    return run.hold(RunSettings.DEFAULT, () -> now);
  }

  private static List<String> logs(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("_logs"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aLogIsAFileOfTheRunThatChangesNoOutput() throws IOException {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      Published before = publish(held, Stage.RAW, KEY, "rows");
      Path log = held.createLog("clean");
      assertThat(log).isEqualTo(temp.resolve("bank/_logs/20261128T170509123Z-clean.txt"));
      assertThat(log).isEmptyFile();
      Files.writeString(log, "clean: begins\n");
      assertThat(run.unchanged(Stage.RAW, KEY)).contains(before);
      assertThat(run.current(Stage.RAW).orElseThrow().manifest().contentDigest())
          .isEqualTo(before.manifest().contentDigest());
    }
    assertThat(RunDirectory.all(run.runsDir(), new org.apache.hadoop.conf.Configuration()))
        .extracting(RunDirectory::title)
        .containsExactly("bank");
  }

  @Test
  void theLatestLogsStayAndWhatIsNotOurs() throws IOException {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      for (int i = 0; i < 5; i++) {
        held.createLog("run");
        now = now.plusSeconds(1);
      }
      Files.writeString(temp.resolve("bank/_logs/notes.txt"), "somebody's");
      held.removeLogs(2);
      assertThat(logs(temp.resolve("bank")))
          .containsExactly(
              "20261128T170512123Z-run.txt", "20261128T170513123Z-run.txt", "notes.txt");
      assertThat(held.discard()).isFalse();
    }
    assertThat(logs(temp.resolve("bank"))).containsExactly("notes.txt");
  }

  @Test
  void aRunThatGoesTakesItsLogsAlong() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      held.createLog("ingest");
      assertThat(held.discard()).isTrue();
    }
    assertThat(temp.resolve("bank")).doesNotExist();
  }

  @Test
  void aLinkIsNotWrittenThroughNorEmptied() throws IOException {
    RunDirectory run = Runs.create(temp);
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("20261128T170509123Z-run.txt"), "somebody's");
    Files.createSymbolicLink(temp.resolve("bank/_logs"), outside);
    try (HeldRun held = hold(run)) {
      assertThatThrownBy(() -> held.createLog("run"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "file:%s/bank/_logs: must be a directory itself, is a link; nothing was touched"
                  .formatted(temp));
      held.removeLogs(0);
    }
    assertThat(outside.resolve("20261128T170509123Z-run.txt")).hasContent("somebody's");
  }

  @Test
  void theLogOfARunThatIsNotOnALocalDiskIsATemporaryFile() throws IOException {
    RunDirectory run =
        RunDirectory.create(ObjectStore.path(temp), "bank", ObjectStore.configuration());
    try (HeldRun held = hold(run)) {
      Path log = held.createLog("run");
      assertThat(log)
          .isEmptyFile()
          .startsWith(Path.of(System.getProperty("java.io.tmpdir")))
          .asString()
          .matches(".*/sluice-bank-\\d+-20261128T170509123Z-run\\.txt");
      Files.delete(log);
      held.removeLogs(0);
    }
    assertThat(temp.resolve("bank/_logs")).doesNotExist();
  }
}
