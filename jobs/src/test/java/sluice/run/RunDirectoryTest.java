package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.NOW;
import static sluice.run.Runs.hadoop;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.local;
import static sluice.run.Runs.names;
import static sluice.run.Runs.part;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.text;
import static sluice.run.Runs.tree;
import static sluice.run.Runs.write;

import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.run.StageManifest.OutputFile;

class RunDirectoryTest {
  private Path temp;

  @BeforeEach
  void in(@TempDir Path directory) {
    temp = directory;
  }

  @Test
  void newRunIsAMarkedDirectoryWithoutOutputs() {
    RunDirectory run = Runs.create(temp.resolve("a/b"));

    assertThat(run.name()).isEqualTo("bank");
    assertThat(local(run.root())).isEqualTo(temp.resolve("a/b/bank"));
    assertThat(tree(temp))
        .isEqualTo(
            Map.of(
                "a/b/bank/_sluice.json", "{\n  \"product\" : \"sluice\",\n  \"format\" : 1\n}\n"));
    assertThat(Stage.values()).allMatch(stage -> run.current(stage).isEmpty());
    assertThat(run.status()).isEmpty();
  }

  @Test
  void stagesAreTheDirectoriesOfTheDesign() {
    assertThat(Stage.values())
        .extracting(Stage::directory)
        .containsExactly(
            "raw",
            "quarantine",
            "clean",
            "rejects",
            "split",
            "features",
            "augmented",
            "model",
            "metrics",
            "predictions",
            "explanations",
            "checkpoints");
    assertThat(Stage.RAW.group()).containsExactly(Stage.RAW, Stage.QUARANTINE);
    assertThat(Stage.REJECTS.group()).containsExactly(Stage.CLEAN, Stage.REJECTS);
    assertThat(Stage.MODEL.group()).containsExactly(Stage.MODEL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a/b", "a\\b", "a b", "ä", "a:b", "a\n", "x*"})
  void nameMustBeAPlainWord(String name) {
    assertThatThrownBy(() -> RunDirectory.create(hadoop(temp), name, new Configuration()))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
        .hasMessage(
            "the name of a run must be 1 to 200 letters, digits and . _ -, not dots alone, got '"
                + name
                + "'");
    assertThat(temp).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bank", "Bank_2.1-x", ".x", "0", "2026-01-31"})
  void namesThatArePlainWords(String name) {
    assertThat(RunDirectory.create(hadoop(temp), name, new Configuration()).name()).isEqualTo(name);
  }

  @Test
  void directoryOfSomebodyElseIsRefusedAndLeft() {
    write(temp.resolve("bank/raw/notes.txt"), "mine");

    assertThatThrownBy(() -> Runs.create(temp))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: must be new, empty or a run directory, but holds other files and no"
                    .formatted(temp.resolve("bank"))
                + " _sluice.json; nothing was touched");
    assertThat(tree(temp)).isEqualTo(Map.of("bank/raw/notes.txt", "mine"));
  }

  @Test
  void emptyDirectoryIsTakenAndOneLeftByAKilledStartToo() throws IOException {
    Path directory = Files.createDirectory(temp.resolve("bank"));
    write(directory.resolve("._sluice.json.123e4567-e89b-12d3-a456-426614174000.tmp"), "{");

    assertThat(Runs.create(temp).current(Stage.RAW)).isEmpty();
    assertThat(directory.resolve("_sluice.json")).exists();
  }

  @Test
  void fileInTheWayIsNamed() {
    write(temp.resolve("runs"), "a file");
    write(temp.resolve("other/bank"), "a file");

    assertThatThrownBy(() -> Runs.create(temp.resolve("runs")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: cannot be made, file:%s is a file"
                .formatted(temp.resolve("runs/bank"), temp.resolve("runs")));
    assertThatThrownBy(() -> Runs.create(temp.resolve("runs/deeper")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: cannot be made, file:%s is a file"
                .formatted(temp.resolve("runs/deeper/bank"), temp.resolve("runs")));
    assertThatThrownBy(() -> Runs.create(temp.resolve("other")))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: must be a directory, but is a file", temp.resolve("other/bank"));
    assertThat(tree(temp)).isEqualTo(Map.of("runs", "a file", "other/bank", "a file"));
  }

  @Test
  void unknownSchemeAndFormatAreRefused() {
    assertThatThrownBy(
            () ->
                RunDirectory.create(
                    new org.apache.hadoop.fs.Path("nowhere://x/runs"), "bank", new Configuration()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("nowhere://x/runs/bank: No FileSystem for scheme \"nowhere\"");
    write(temp.resolve("bank/_sluice.json"), "{\"product\": \"sluice\", \"format\": 9}");
    assertThatThrownBy(() -> Runs.create(temp))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: this version reads run directories of format 1, got 9", temp.resolve("bank"));
  }

  @Test
  void readingNeedsARunDirectory() {
    Path none = temp.resolve("none");
    assertThatThrownBy(() -> RunDirectory.open(hadoop(none), new Configuration()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: there is no such run directory", none);
    assertThat(none).doesNotExist();
    assertThatThrownBy(() -> RunDirectory.open(hadoop(temp), new Configuration()))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("file:%s: must be new, empty or a run directory", temp);
    assertThat(RunDirectory.open(Runs.create(temp).root(), new Configuration()).name())
        .isEqualTo("bank");
  }

  @Test
  void publishedStageIsWhatReadersGet() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = run.hold(RunSettings.DEFAULT, InstantSource.fixed(NOW));
        Attempt attempt = held.begin(Stage.CLEAN, KEY)) {
      assertThat(attempt.id()).matches("20260304T050607089Z-[0-9a-f]{8}");
      assertThat(local(attempt.path())).doesNotExist();
      write(local(attempt.path()).resolve("part=1/part-0"), "abc");
      write(local(attempt.path()).resolve("_SUCCESS"), "");
      assertThat(run.current(Stage.CLEAN)).isEmpty();

      Published published =
          attempt.publish(
              new StageOutput(Stage.CLEAN, Map.of("rows", 3L), "d1", Map.of())
                  .withFact("attempts", IntNode.valueOf(2)),
              StageOutput.of(Stage.REJECTS, Map.of("rejected", 1L, "duplicates", 2L)));

      assertThat(run.current(Stage.CLEAN)).contains(published);
      assertThat(published.path()).isEqualTo(attempt.path());
      StageManifest manifest = published.manifest();
      assertThat(manifest)
          .isEqualTo(
              new StageManifest(
                  1,
                  Stage.CLEAN,
                  attempt.id(),
                  List.of(Stage.CLEAN, Stage.REJECTS),
                  KEY,
                  new TreeMap<>(Map.of("rows", 3L)),
                  "d1",
                  new TreeMap<>(Map.of("attempts", IntNode.valueOf(2))),
                  List.of(new OutputFile("_SUCCESS", 0), new OutputFile("part=1/part-0", 3)),
                  0.0,
                  "2026-03-04T05:06:07.089Z",
                  Machine.facts()));
      assertThat(run.current(Stage.REJECTS).orElseThrow().manifest().rows())
          .isEqualTo(Map.of("duplicates", 2L, "rejected", 1L));
    }
    assertThat(names(temp.resolve("bank/clean"))).hasSize(3).contains("_current.json");
    assertThat(names(temp.resolve("bank"))).doesNotContain("raw");
  }

  @Test
  void publishWantsOneOutcomeOfEachStage() {
    try (HeldRun held = hold(Runs.create(temp));
        Attempt attempt = held.begin(Stage.RAW, KEY)) {
      assertThatThrownBy(() -> attempt.publish(StageOutput.of(Stage.RAW, Map.of())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("one outcome each of [RAW, QUARANTINE], got [RAW]");
      assertThatThrownBy(() -> attempt.path(Stage.CLEAN))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> held.begin(Stage.QUARANTINE, KEY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("QUARANTINE is published with RAW");
      attempt.publish(Runs.fill(attempt, Stage.RAW, "x"));
      assertThatThrownBy(() -> attempt.publish(Runs.fill(attempt, Stage.RAW, "x")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"QUARANTINE", "REJECTS", "PREDICTIONS"},
      mode = EnumSource.Mode.EXCLUDE)
  void keptAreTheCurrentAttemptAndTheOneBefore(Stage stage) {
    RunDirectory run = Runs.create(temp);
    for (String text : List.of("one", "two", "three", "four")) {
      try (HeldRun held = hold(run)) {
        publish(held, stage, KEY, text);
      }
    }
    for (Stage member : stage.group()) {
      assertThat(part(run.current(member).orElseThrow())).isEqualTo("four");
      assertThat(local(run.stagePath(member)))
          .isDirectoryNotContaining(file -> file.getFileName().toString().endsWith(".tmp"));
      assertThat(tree(local(run.stagePath(member))).values()).contains("three", "four");
      assertThat(tree(local(run.stagePath(member))).values()).doesNotContain("one", "two");
      assertThat(names(local(run.stagePath(member)))).hasSize(5);
    }
  }

  @Test
  void predictionsStayUntilTheRunIsPruned() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      assertThat(held.removePredictions()).isZero();
      for (String text : List.of("one", "two", "three", "four")) {
        publish(held, Stage.PREDICTIONS, KEY, text);
      }
      assertThat(tree(local(run.stagePath(Stage.PREDICTIONS))).values())
          .contains("one", "two", "three", "four");
      assertThat(held.removePredictions()).isEqualTo(2);
    }
    assertThat(part(run.current(Stage.PREDICTIONS).orElseThrow())).isEqualTo("four");
    assertThat(tree(local(run.stagePath(Stage.PREDICTIONS))).values())
        .contains("three", "four")
        .doesNotContain("one", "two");
    assertThat(names(local(run.stagePath(Stage.PREDICTIONS)))).hasSize(5);
  }

  @Test
  void severalAttemptsOfOneStageUnderOneLease() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = run.hold(Runs.keeping(1), InstantSource.system());
        Attempt first = held.begin(Stage.MODEL, KEY);
        Attempt second = held.begin(Stage.MODEL, KEY)) {
      StageOutput[] one = Runs.fill(first, Stage.MODEL, "one");
      StageOutput[] two = Runs.fill(second, Stage.MODEL, "two");
      first.publish(one);
      assertThat(part(run.current(Stage.MODEL).orElseThrow())).isEqualTo("one");
      second.publish(two);
      assertThat(part(run.current(Stage.MODEL).orElseThrow())).isEqualTo("two");
    }
    assertThat(names(temp.resolve("bank/model"))).hasSize(3);
  }

  @Test
  void attemptThatIsClosedUnpublishedIsGoneAndTheOldOutputStays() {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, "old");
      Map<String, String> before = tree(temp.resolve("bank/raw"));
      try (Attempt attempt = held.begin(Stage.RAW, KEY)) {
        Runs.fill(attempt, Stage.RAW, "new");
      }
      assertThat(tree(temp.resolve("bank/raw"))).isEqualTo(before);
    }
  }

  @Test
  void unfinishedAttemptOfAnotherHolderIsRemovedAndNothingElse() throws IOException {
    RunDirectory run = Runs.create(temp);
    Path raw = temp.resolve("bank/raw");
    Path abandoned;
    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, "old");
      Attempt attempt = held.begin(Stage.RAW, KEY);
      Runs.fill(attempt, Stage.RAW, "half");
      abandoned = local(attempt.path());
    }
    Map<String, String> foreign = new HashMap<>();
    foreign.put("notes.txt", "a");
    foreign.put("raw/notes.txt", "b");
    foreign.put("raw/mine/part-0", "c");
    foreign.put("raw/20260304T050607089Z-0123abcd/part-0", "no marker, so not the run's");
    foreign.put("raw/_20260304.json", "d");
    foreign.put("raw/" + run.current(Stage.RAW).orElseThrow().attempt() + "/remark.txt", "e");
    foreign.put("other/_current.json", "f");
    foreign.put("raw/.x.json.tmp", "g");
    foreign.forEach((name, text) -> write(temp.resolve("bank").resolve(name), text));
    Files.createDirectory(raw.resolve("20260304T050607089Z-0123abce"));

    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, "new");
      publish(held, Stage.RAW, KEY, "newer");
      publish(held, Stage.RAW, KEY, "newest");
    }

    assertThat(abandoned).doesNotExist();
    assertThat(tree(temp.resolve("bank"))).containsAllEntriesOf(foreign);
    assertThat(raw.resolve("20260304T050607089Z-0123abce")).isDirectory();
    assertThat(tree(raw).values()).doesNotContain("half", "old", "new").contains("newer", "newest");
  }

  @Test
  void pointersTornByAKillShowOneAttemptToReadersAndAreMended() throws IOException {
    RunDirectory run = Runs.create(temp);
    Path quarantine = temp.resolve("bank/quarantine/_current.json");
    byte[] one;
    try (HeldRun held = run.hold(Runs.keeping(3), InstantSource.system())) {
      publish(held, Stage.RAW, KEY, "one");
      one = Files.readAllBytes(quarantine);
      byte[] rawOne = Files.readAllBytes(temp.resolve("bank/raw/_current.json"));
      publish(held, Stage.RAW, KEY, "two");
      // As a kill between the two pointers of the second would have left them.
      Files.write(temp.resolve("bank/raw/_current.json"), rawOne);

      assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("one");
      assertThat(part(run.current(Stage.QUARANTINE).orElseThrow())).isEqualTo("one");
      assertThat(run.unchanged(Stage.RAW, KEY)).isEqualTo(run.current(Stage.RAW));
      assertThat(Files.readAllBytes(quarantine)).isNotEqualTo(one);
    }
    hold(run).close();
    assertThat(Files.readAllBytes(quarantine)).isEqualTo(one);
    Files.delete(temp.resolve("bank/raw/_current.json"));
    assertThat(run.current(Stage.QUARANTINE)).isEmpty();
    hold(run).close();
    assertThat(quarantine).doesNotExist();
  }

  /** Only the current attempt is kept here, so that readers often meet one that is just going. */
  @Test
  void readersOfARunBeingWrittenAlwaysGetAWholeOutput() throws Exception {
    RunDirectory run = Runs.create(temp);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    AtomicBoolean writing = new AtomicBoolean(true);
    try (HeldRun held = run.hold(Runs.keeping(1), InstantSource.system())) {
      publish(held, Stage.RAW, KEY, "0");
      Future<List<Long>> lengths =
          reader.submit(
              () -> {
                List<Long> read = new ArrayList<>();
                while (writing.get()) {
                  for (Stage stage : Stage.RAW.group()) {
                    StageManifest manifest = run.current(stage).orElseThrow().manifest();
                    assertThat(manifest.stage()).isEqualTo(stage);
                    read.add(manifest.files().get(0).bytes());
                  }
                }
                return read;
              });
      for (int i = 1; i < 40; i++) {
        publish(held, Stage.RAW, KEY, "0".repeat(i + 1));
      }
      writing.set(false);
      assertThat(lengths.get()).isSorted().isNotEmpty();
    } finally {
      reader.shutdown();
    }
  }

  @Test
  void damagedPointerIsNamed() throws IOException {
    RunDirectory run = published("good");
    Path pointer = temp.resolve("bank/raw/_current.json");

    for (String text : List.of("", "{", "{}", "[1]", "{\"format\": 1, \"attempt\": 3")) {
      Files.writeString(pointer, text);
      for (Stage stage : Stage.RAW.group()) {
        assertThatThrownBy(() -> run.current(stage))
            .isInstanceOfSatisfying(
                InvalidInput.class, e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.DATA))
            .hasMessageStartingWith("file:%s: not readable: ", pointer);
      }
      assertThatThrownBy(() -> run.unchanged(Stage.RAW, KEY)).isInstanceOf(InvalidInput.class);
    }
    Files.writeString(
        pointer, "{\"format\": 1, \"attempt\": \"../../etc\", \"manifests\": {}, \"earlier\": []}");
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .hasMessage(
            "file:%s: not readable: attempt must be an attempt's id, got '../../etc'", pointer);

    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, "again");
    }
    assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("again");
  }

  @Test
  void damagedOrMissingManifestIsNamed() throws IOException {
    RunDirectory run = published("good");
    Published raw = run.current(Stage.RAW).orElseThrow();
    Path manifest = local(raw.path()).resolve("_manifest.json");
    String text = text(manifest);

    Files.writeString(manifest, text.replace("\"seed\" : 42", "\"seed\" : 43"));
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: damaged, it is not what file:%s was written for",
            manifest, temp.resolve("bank/raw/_current.json"));
    Files.delete(manifest);
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: missing, although file:%s names it",
            manifest, temp.resolve("bank/raw/_current.json"));
    Files.writeString(manifest, text);
    assertThat(run.current(Stage.RAW)).contains(raw);
  }

  @Test
  void unchangedStageIsFoundByItsKeyAndItsFiles() throws IOException {
    RunDirectory run = published("good");
    Published raw = run.current(Stage.RAW).orElseThrow();
    assertThat(run.unchanged(Stage.RAW, KEY)).contains(raw);
    assertThat(run.unchanged(Stage.CLEAN, KEY)).isEmpty();

    List<StageKey> others =
        List.of(
            new StageKey(Map.of("files", "e".repeat(64)), "c1", 42, "v1"),
            new StageKey(KEY.inputs(), "c2", 42, "v1"),
            new StageKey(KEY.inputs(), "c1", 43, "v1"),
            new StageKey(KEY.inputs(), "c1", 42, "v2"),
            new StageKey(Map.of(), "c1", 42, "v1"));
    assertThat(others).allMatch(key -> run.unchanged(Stage.RAW, key).isEmpty());
    assertThat(others)
        .extracting(key -> key.changesSince(KEY))
        .containsExactly(
            List.of("input files"),
            List.of("configuration"),
            List.of("seed"),
            List.of("code"),
            List.of("input files"));

    Path quarantined = local(run.current(Stage.QUARANTINE).orElseThrow().path()).resolve("part-0");
    Files.writeString(quarantined, "longer than before");
    assertThat(run.unchanged(Stage.RAW, KEY)).isEmpty();
    Files.delete(quarantined);
    assertThat(run.unchanged(Stage.RAW, KEY)).isEmpty();
    Files.writeString(quarantined, "good");
    assertThat(run.unchanged(Stage.RAW, KEY)).contains(raw);
    Files.writeString(local(raw.path()).resolve("remark.txt"), "one more file does no harm");
    assertThat(run.unchanged(Stage.RAW, KEY)).contains(raw);
  }

  @Test
  void statusIsReplaced() {
    RunDirectory run = Runs.create(temp);
    RunStatus running = RunStatus.running("ingest", NOW);
    RunStatus failed = running.ended(3, "ages.csv: no rows", NOW.plusSeconds(2));
    try (HeldRun held = hold(run)) {
      held.report(running);
      assertThat(run.status()).contains(running);
      held.report(failed);
    }
    assertThat(run.status()).contains(failed);
    assertThat(text(temp.resolve("bank/_status.json")))
        .isEqualTo(
            """
            {
              "job" : "ingest",
              "state" : "failed",
              "exitCode" : 3,
              "message" : "ages.csv: no rows",
              "started" : "2026-03-04T05:06:07.089Z",
              "ended" : "2026-03-04T05:06:09.089Z"
            }
            """);
    assertThat(running.ended(0, "", NOW).state()).isEqualTo(RunStatus.State.SUCCEEDED);
  }

  @Test
  void leftoversOfKilledReplacementsAreRemoved() {
    RunDirectory run = published("good");
    String random = ".123e4567-e89b-12d3-a456-426614174000.tmp";
    write(temp.resolve("bank/raw/._current.json" + random), "{");
    write(temp.resolve("bank/._status.json" + random), "{");
    write(temp.resolve("bank/raw/.other.json" + random), "not ours");
    hold(run).close();
    assertThat(tree(temp).keySet().stream().filter(name -> name.endsWith(".tmp")))
        .containsExactly("bank/raw/.other.json" + random);
  }

  @Test
  void unwritableDirectoryIsSaidPlainly() throws IOException, InterruptedException {
    try (ReadOnly directory = ReadOnly.make(temp.resolve("locked"))) {
      assertThatThrownBy(() -> Runs.create(directory.path()))
          .isInstanceOfSatisfying(
              InvalidInput.class,
              e -> assertThat(e.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION))
          .hasMessageStartingWith(
              "file:%s: must be readable and writable, but access is denied: ",
              directory.path().resolve("bank"));
    }
  }

  private RunDirectory published(String text) {
    RunDirectory run = Runs.create(temp);
    try (HeldRun held = hold(run)) {
      publish(held, Stage.RAW, KEY, text);
    }
    return run;
  }

  /** A directory that even an administrator cannot write to, if that is who runs the test. */
  private record ReadOnly(Path path) implements AutoCloseable {
    static ReadOnly make(Path path) throws IOException, InterruptedException {
      Files.createDirectory(path);
      if (System.getProperty("user.name").equals("root")) {
        Mounts.run("mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", path.toString());
      } else {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
      }
      return new ReadOnly(path);
    }

    @Override
    public void close() throws IOException {
      if (System.getProperty("user.name").equals("root")) {
        Mounts.unmount(path);
      } else {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
