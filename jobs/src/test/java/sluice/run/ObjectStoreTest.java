package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.names;
import static sluice.run.Runs.part;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.tree;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;

class ObjectStoreTest {
  private Path temp;

  @BeforeEach
  void in(@TempDir Path directory) {
    temp = directory;
  }

  @AfterEach
  void roomAgain() {
    ObjectStore.CAPACITY.set(Long.MAX_VALUE);
  }

  private RunDirectory create() {
    return RunDirectory.create(ObjectStore.path(temp), "bank", ObjectStore.configuration());
  }

  @Test
  void publishesByOneUploadWithoutAnyRename() {
    RunDirectory run = create();
    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, "one");
      publish(held, Stage.RAW, KEY, "two");
      publish(held, Stage.RAW, KEY, "three");
    }
    assertThat(run.root().toString()).isEqualTo("objects:" + temp.resolve("bank"));
    assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("three");
    assertThat(run.unchanged(Stage.RAW, KEY)).isEqualTo(run.current(Stage.RAW));
    assertThat(tree(temp).values()).contains("two", "three").doesNotContain("one");
  }

  @Test
  void fullStoreIsSaidPlainlyAndTheOldOutputStays() {
    RunDirectory run = create();
    try (HeldRun held = hold(run)) {
      Published old = publish(held, Stage.RAW, KEY, "old");
      try (Attempt attempt = held.begin(Stage.RAW, KEY)) {
        StageOutput[] outcomes = Runs.fill(attempt, Stage.RAW, "new");
        ObjectStore.CAPACITY.set(10);
        assertThatThrownBy(() -> attempt.publish(outcomes))
            .isInstanceOfSatisfying(
                InvalidInput.class,
                e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
            .hasMessage(
                attempt.path() + ": no space left to write; earlier output stays as it was");
      }
      assertThat(run.current(Stage.RAW)).contains(old);
      assertThat(part(old)).isEqualTo("old");
      roomAgain();
      publish(held, Stage.RAW, KEY, "new");
      assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("new");
    }
  }

  @Test
  void ofTakersThatMeetOneHolds() throws Exception {
    RunDirectory run = create();
    List<HeldRun> held = new ArrayList<>();
    int refused = 0;
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<HeldRun> taker = () -> run.hold(RunSettings.DEFAULT, InstantSource.system());
      for (Future<HeldRun> taken : threads.invokeAll(java.util.Collections.nCopies(8, taker))) {
        try {
          held.add(taken.get());
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(RunHeld.class);
          refused++;
        }
      }
    } finally {
      threads.shutdown();
    }
    assertThat(held).hasSize(1);
    assertThat(refused).isEqualTo(7);
    held.get(0).report(RunStatus.running("ingest", Runs.NOW));
    held.get(0).close();
    assertThat(names(temp.resolve("bank/_lease"))).containsExactly("0000000001.json");
  }
}
