package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.names;
import static sluice.run.Runs.part;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.text;
import static sluice.run.Runs.write;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.Json;

class LeaseTest {
  private Path temp;

  @BeforeEach
  void in(@TempDir Path directory) {
    temp = directory;
  }

  private Path lease(int generation) {
    return temp.resolve("bank/_lease/%010d.json".formatted(generation));
  }

  private static Claim claim(long heartbeatMillis, String table, long pid, long started) {
    return new Claim(
        "somebody",
        Claim.State.HELD,
        "far",
        table,
        pid,
        started,
        "2026-03-04T05:06:07Z",
        heartbeatMillis,
        30_000);
  }

  @Test
  void secondRunIsRefusedWithTheHolderNamed() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = run.hold(RunSettings.DEFAULT, InstantSource.fixed(Runs.NOW))) {
      assertThat(held.directory()).isSameAs(run);
      assertThatThrownBy(() -> run.hold(RunSettings.DEFAULT, InstantSource.fixed(Runs.NOW)))
          .isInstanceOf(RunHeld.class)
          .hasMessage(
              "file:%s: one run at a time: it is held by process %d on %s since"
                      .formatted(
                          temp.resolve("bank"), ProcessHandle.current().pid(), Machine.host())
                  + " 2026-03-04T05:06:07.089Z; wait until that ends, or choose another"
                  + " pipeline.name");
    }
    hold(run).close();
    hold(run).close();
    assertThat(names(temp.resolve("bank/_lease"))).containsExactly("0000000003.json");
    assertThat(text(lease(3))).contains("\"state\" : \"released\"");
  }

  @Test
  void holderElsewhereIsWaitedForUntilItsHeartbeatExpires() {
    RunDirectory run = Runs.create(temp);
    long now = Runs.NOW.toEpochMilli();
    write(lease(7), Json.write(claim(now - 30_000, "other machine", 1, 1)));
    assertThatThrownBy(() -> run.hold(RunSettings.DEFAULT, InstantSource.fixed(Runs.NOW)))
        .isInstanceOf(RunHeld.class)
        .hasMessageContaining("held by process 1 on far since 2026-03-04T05:06:07Z");

    run.hold(RunSettings.DEFAULT, InstantSource.fixed(Runs.NOW.plusMillis(1))).close();
    assertThat(names(temp.resolve("bank/_lease"))).containsExactly("0000000008.json");
  }

  @Test
  void deadHolderOnThisHostIsReplacedAtOnce() throws Exception {
    RunDirectory run = Runs.create(temp);
    // No system numbers its processes so high.
    long gone = Integer.MAX_VALUE;
    assertThat(ProcessHandle.of(gone)).isEmpty();
    long now = System.currentTimeMillis();
    write(lease(1), Json.write(claim(now, Machine.processTable(), gone, now)));
    hold(run).close();
    assertThat(names(temp.resolve("bank/_lease"))).containsExactly("0000000002.json");
  }

  @Test
  void numberOfADeadHolderGivenToAnotherProcessDoesNotDeceive() throws Exception {
    RunDirectory run = Runs.create(temp);
    // Alive, and not this process: that which started it.
    ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
    long started = other.info().startInstant().orElseThrow().toEpochMilli();
    long now = System.currentTimeMillis();
    write(lease(1), Json.write(claim(now, Machine.processTable(), other.pid(), started)));
    assertThatThrownBy(() -> hold(run)).isInstanceOf(RunHeld.class);

    write(lease(1), Json.write(claim(now, Machine.processTable(), other.pid(), started - 60_000)));
    hold(run).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"owner\" : \"x\""})
  void claimCutShortCountsAsLiveForTheExpiry(String text) throws Exception {
    RunDirectory run = Runs.create(temp);
    write(lease(1), text);
    assertThatThrownBy(() -> hold(run))
        .isInstanceOf(RunHeld.class)
        .hasMessageContaining("held by a run that is just starting");
    Files.setLastModifiedTime(lease(1), FileTime.from(Instant.now().minusSeconds(31)));
    hold(run).close();
  }

  @Test
  void heartbeatsKeepTheLease() throws Exception {
    RunDirectory run = Runs.create(temp);
    RunSettings settings = new RunSettings(2, Duration.ofMillis(200));
    AtomicReference<Instant> time = new AtomicReference<>(Runs.NOW);
    try (HeldRun held = run.hold(settings, time::get)) {
      for (int i = 1; i <= 5; i++) {
        Instant now = Runs.NOW.plusMillis(150L * i);
        time.set(now);
        String beat = "\"heartbeatMillis\" : " + now.toEpochMilli();
        while (!text(lease(1)).contains(beat)) {
          Thread.sleep(5);
        }
        assertThatThrownBy(() -> run.hold(settings, time::get)).isInstanceOf(RunHeld.class);
      }
      publish(held, Stage.RAW, KEY, "still held");
    }
  }

  @Test
  void pausedHolderThatWasReplacedPublishesNothing() {
    RunDirectory run = Runs.create(temp);
    // Far apart from each other, the two clocks let the second see the first as long silent.
    InstantSource slow = InstantSource.fixed(Runs.NOW);
    InstantSource later = InstantSource.fixed(Runs.NOW.plusSeconds(31));
    try (HeldRun paused = run.hold(RunSettings.DEFAULT, slow);
        Attempt attempt = paused.begin(Stage.RAW, KEY)) {
      StageOutput[] outcomes = Runs.fill(attempt, Stage.RAW, "late");
      try (HeldRun other = run.hold(RunSettings.DEFAULT, later)) {
        publish(other, Stage.RAW, KEY, "other's");
        assertThatThrownBy(() -> attempt.publish(outcomes))
            .isInstanceOf(RunHeld.class)
            .hasMessage(
                "file:%s: no longer held by this run: it was not heard of for more than 30.0 s and"
                        .formatted(temp.resolve("bank"))
                    + " is now held by process %d on %s since 2026-03-04T05:06:38.089Z; nothing"
                        .formatted(ProcessHandle.current().pid(), Machine.host())
                    + " more was published");
        assertThatThrownBy(() -> paused.begin(Stage.CLEAN, KEY)).isInstanceOf(RunHeld.class);
        assertThatThrownBy(() -> paused.report(RunStatus.running("clean", Runs.NOW)))
            .isInstanceOf(RunHeld.class);
        paused.directory();
      }
      assertThatThrownBy(() -> attempt.publish(outcomes))
          .isInstanceOf(RunHeld.class)
          .hasMessageContaining("and was held by another run since;");
    }
    assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("other's");
    assertThat(text(lease(2))).contains("released");
    hold(run).close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void ofManyThreadsOneTakesADeadHoldersRun(int round) throws Exception {
    RunDirectory run = Runs.create(temp);
    long now = System.currentTimeMillis();
    write(lease(round), Json.write(claim(now - 60_000, "other machine", 1, 1)));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<HeldRun> held = new ArrayList<>();
    try {
      Callable<HeldRun> taker = () -> hold(run);
      for (Future<HeldRun> taken : threads.invokeAll(Collections.nCopies(16, taker))) {
        try {
          held.add(taken.get());
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(RunHeld.class);
        }
      }
    } finally {
      threads.shutdown();
    }
    assertThat(held).hasSize(1);
    held.get(0).close();
  }

  /** Threads that take, check that they are alone, and give back, over and over. */
  @Test
  void neverTwoHoldersAtATime() throws Exception {
    RunDirectory run = Runs.create(temp);
    Path inside = temp.resolve("inside");
    Callable<Integer> worker =
        () -> {
          int times = 0;
          while (times < 10) {
            try (HeldRun held = hold(run)) {
              Files.createFile(inside);
              held.report(RunStatus.running("ingest", Runs.NOW));
              Files.delete(inside);
              times++;
            } catch (RunHeld e) {
              assertThat(e).hasMessageContaining("one run at a time");
            }
          }
          return times;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<Integer> done : threads.invokeAll(Collections.nCopies(4, worker))) {
        assertThat(done.get()).isEqualTo(10);
      }
    } finally {
      threads.shutdown();
    }
  }
}
