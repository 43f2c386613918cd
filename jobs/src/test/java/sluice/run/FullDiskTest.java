package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.local;
import static sluice.run.Runs.part;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;
import sluice.data.StorageFault;

class FullDiskTest {
  @Test
  void fullDiskIsSaidPlainlyAndTheOldOutputStays(@TempDir Path temp) throws Exception {
    if (!System.getProperty("user.name").equals("root")) {
      // Only an administrator can mount a small disk; ObjectStoreTest has the same without one.
      return;
    }
    Path disk = Files.createDirectory(temp.resolve("disk"));
    Mounts.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    try {
      RunDirectory run = Runs.create(disk);
      try (HeldRun held = hold(run)) {
        Published old = publish(held, Stage.RAW, KEY, "old");
        try (Attempt attempt = held.begin(Stage.RAW, KEY)) {
          StageOutput[] outcomes = Runs.fill(attempt, Stage.RAW, "new");
          Path ballast = fill(disk);
          Map<String, String> before = tree(disk.resolve("bank"));

          assertThatThrownBy(() -> attempt.publish(outcomes))
              .isInstanceOf(InvalidInput.class)
              .hasMessage(
                  "file:%s: no space left to write; earlier output stays as it was",
                  local(attempt.path()));
          assertThat(tree(disk.resolve("bank"))).isEqualTo(before);
          assertThatThrownBy(() -> held.report(RunStatus.running("ingest", Runs.NOW)))
              .isInstanceOf(InvalidInput.class)
              .hasMessage(
                  "file:%s: no space left to write; earlier output stays as it was",
                  disk.resolve("bank/_status.json"));
          assertThatThrownBy(
                  () -> RunDirectory.create(Runs.hadoop(disk), "more", new Configuration()).root())
              .isInstanceOf(InvalidInput.class)
              .hasMessageContaining("no space left to write");
          Files.delete(ballast);
        }
        assertThat(run.current(Stage.RAW)).contains(old);
        assertThat(part(old)).isEqualTo("old");
        publish(held, Stage.RAW, KEY, "new");
      }
      // A lease that could not be given back for want of space hinders nobody in this process.
      HeldRun unreturned = hold(run);
      Path ballast = fill(disk);
      unreturned.close();
      Files.delete(ballast);
      hold(run).close();
      assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("new");
    } finally {
      Mounts.unmount(disk);
    }
  }

  @Test
  void causeIsFoundThroughSparksWrapping() {
    org.apache.hadoop.fs.Path where = new org.apache.hadoop.fs.Path("runs/bank/raw");
    Throwable told =
        new SparkException(
            "Job aborted due to stage failure: Task 1 in stage 0.0 failed 4 times:"
                + " java.io.IOException: No space left on device\n\tat java.base",
            new IllegalStateException("x"));
    assertThat(StorageFault.explain(new IllegalStateException("failed", told), where))
        .hasValueSatisfying(
            e ->
                assertThat(e)
                    .hasMessage(
                        "runs/bank/raw: no space left to write; earlier output stays as it was"));
    assertThat(StorageFault.explain(new IOException("Read-only file system"), where))
        .hasValueSatisfying(
            e ->
                assertThat(e)
                    .hasMessage(
                        "runs/bank/raw: must be readable and writable, but access is denied:"
                            + " java.io.IOException: Read-only file system"));
    assertThat(StorageFault.explain(new IllegalStateException("a defect"), where)).isEmpty();
  }

  private static Path fill(Path disk) throws IOException {
    Path ballast = disk.resolve("ballast");
    try (var out = Files.newOutputStream(ballast)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      return ballast;
    }
  }
}
