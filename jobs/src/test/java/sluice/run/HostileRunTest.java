package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.KEY;
import static sluice.run.Runs.hold;
import static sluice.run.Runs.local;
import static sluice.run.Runs.part;
import static sluice.run.Runs.publish;
import static sluice.run.Runs.text;
import static sluice.run.Runs.tree;
import static sluice.run.Runs.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.data.Sha256;
import sluice.testing.Gadget;

/** Run directories that anybody may have written: whatever they say, nothing outside is touched. */
class HostileRunTest {
  private static final String NOT_JSON =
      "not readable: Unexpected character ('\uFFFD' (code 65533 / 0xfffd)): expected a valid value"
          + " (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  private static final String DEEP =
      "not readable: Depth (201) exceeds the maximum allowed nesting depth (200)";

  private Path temp;
  private Path bank;
  private Path outside;
  private RunDirectory run;
  private Map<String, String> treasure = Map.of();

  @BeforeEach
  void in(@TempDir Path directory) throws IOException {
    temp = directory.toRealPath();
    run = Runs.create(temp);
    bank = temp.resolve("bank");
    outside = temp.resolve("outside");
    write(outside.resolve("thesis.txt"), "years of work");
    write(outside.resolve("part-0"), "somebody's rows");
    Files.createDirectory(outside.resolve("empty"));
    treasure = tree(outside);
  }

  /** Whatever a test does, what lies outside of the run is as it was, and nothing ran. */
  @AfterEach
  void nothingElseWasTouched() {
    assertThat(tree(outside)).isEqualTo(treasure);
    assertThat(outside.resolve("empty")).isDirectory();
    assertThat(Gadget.runs()).isZero();
  }

  /** Publishes an attempt and returns its directory. */
  private Path published(String text) {
    try (HeldRun held = run.hold(Runs.keeping(1), InstantSource.system())) {
      return local(publish(held, Stage.RAW, KEY, text).path());
    }
  }

  /** Changes a manifest, and the digest that the pointer has of it. */
  private Path forge(Path attempt, Function<String, String> change) throws IOException {
    Path manifest = attempt.resolve("_manifest.json");
    Path pointer = bank.resolve("raw/_current.json");
    String before = text(manifest);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    write(manifest, after);
    write(pointer, text(pointer).replace(Sha256.hexOf(before), Sha256.hexOf(after)));
    return manifest;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../outside/thesis.txt",
        "a/../../../../outside/thesis.txt",
        "{outside}/thesis.txt",
        "file://{outside}/thesis.txt",
        "../../../outside",
        "..",
        ".",
        "a//b",
        ""
      })
  void aManifestThatListsWhatIsOutsideIsRefusedAndDeletesNothing(String hostile)
      throws IOException {
    String path = hostile.replace("{outside}", outside.toString());
    Path attempt = published("old");
    Path manifest =
        forge(
            attempt,
            text -> text.replace("\"path\" : \"part-0\"", "\"path\" : \"%s\"".formatted(path)));
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: not readable: files must name files within the attempt, got \"%s\"",
            manifest, path);
    published("new");
    assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("new");
    assertThat(attempt.resolve("part-0")).hasContent("old");
  }

  /** Of two paths the second, where it names a file system, would win. */
  @Test
  void aFileSystemInAListedPathIsPartOfTheName() throws IOException {
    Path attempt = published("old");
    forge(attempt, text -> text.replace("\"part-0\"", "\"file:%s/thesis.txt\"".formatted(outside)));
    published("new");
    assertThat(attempt.resolve("_manifest.json")).doesNotExist();
    assertThat(attempt.resolve("part-0")).hasContent("old");
  }

  @Test
  void filesBehindALinkWithinAnAttemptStay() throws IOException {
    Path attempt = published("old");
    Files.createSymbolicLink(attempt.resolve("day=1"), outside);
    Files.createSymbolicLink(attempt.resolve("thesis.txt"), outside.resolve("thesis.txt"));
    forge(
        attempt,
        text ->
            text.replace(
                "\"files\" : [ {",
                """
                "files" : [ { "path" : "day=1/thesis.txt", "bytes" : 13 },
                  { "path" : "thesis.txt", "bytes" : 13 }, {\
                """));
    published("new");
    assertThat(attempt.resolve("part-0")).doesNotExist();
    // The link itself was listed and is gone; what it led to is looked at after each test.
    assertThat(Files.isSymbolicLink(attempt.resolve("thesis.txt"))).isFalse();
    assertThat(Files.isSymbolicLink(attempt.resolve("day=1"))).isTrue();
  }

  /** Both kinds: with a manifest it would be emptied, without one deleted as a whole. */
  @ParameterizedTest
  @ValueSource(strings = {"finished", "unfinished"})
  void anAttemptThatIsALinkIsRemovedAsALink(String kind) throws IOException {
    Path attempt = published("old");
    if (kind.equals("finished")) {
      Files.copy(attempt.resolve("_manifest.json"), outside.resolve("_manifest.json"));
      treasure = tree(outside);
    }
    for (String file : tree(attempt).keySet()) {
      Files.delete(attempt.resolve(file));
    }
    Files.delete(attempt);
    Files.createSymbolicLink(attempt, outside);
    published("new");
    assertThat(Files.isSymbolicLink(attempt)).isFalse();
    assertThat(part(run.current(Stage.RAW).orElseThrow())).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_lease", "raw", "quarantine", "checkpoints", "metrics"})
  void aRunWhoseDirectoryLeadsElsewhereIsNotHeld(String name) throws IOException {
    Files.createSymbolicLink(bank.resolve(name), outside);
    assertThatThrownBy(() -> hold(run))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: must be a directory itself, is a link; nothing was touched",
            bank.resolve(name));
  }

  /** A user may keep the run itself wherever there is room. */
  @Test
  void aRunThatIsALinkItselfIsHeld() throws IOException {
    Path elsewhere = Files.createDirectory(temp.resolve("large"));
    Path runs = Files.createDirectory(temp.resolve("runs"));
    Files.createSymbolicLink(runs.resolve("bank"), elsewhere);
    try (HeldRun held = hold(Runs.create(runs))) {
      assertThat(part(publish(held, Stage.RAW, KEY, "rows"))).isEqualTo("rows");
    }
    assertThat(elsewhere.resolve("raw")).isDirectory();
  }

  @Test
  void linksInACircleEndSomewhere() throws IOException {
    Path attempt = published("old");
    Files.createSymbolicLink(attempt.resolve("a"), attempt);
    Files.createSymbolicLink(attempt.resolve("b"), attempt);
    assertThat(run.unchanged(Stage.RAW, KEY)).isPresent();
  }

  static Stream<Arguments> readers() {
    Function<RunDirectory, Object> current = run -> run.current(Stage.RAW);
    Function<RunDirectory, Object> status = RunDirectory::status;
    Function<RunDirectory, Object> open = run -> RunDirectory.open(run.root(), new Configuration());
    return Stream.of(
        Arguments.of("raw/_current.json", current),
        Arguments.of("_status.json", status),
        Arguments.of("_sluice.json", open));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readers")
  void aSerialisedObjectOrADeviceInPlaceOfAFileIsRefused(
      String name, Function<RunDirectory, Object> reader) throws IOException {
    published("old");
    Path file = bank.resolve(name);
    Files.write(file, Gadget.serialised());
    assertThatThrownBy(() -> reader.apply(run))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: %s", file, NOT_JSON);
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    assertThatThrownBy(() -> reader.apply(run))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: must be a file, is a device or a pipe", file);
  }

  @Test
  void whatAManifestMustNotSayIsRefused() throws IOException {
    Path attempt = published("old");
    Path manifest =
        forge(
            attempt,
            text ->
                text.replace("\"facts\" : { }", "\"facts\" : { \"x\" : " + "[".repeat(100_000)));
    assertThatThrownBy(() -> run.current(Stage.RAW)).hasMessage("file:%s: %s", manifest, DEEP);
    attempt = published("old");
    manifest =
        forge(
            attempt, text -> text.replaceFirst("\\{", "{ \"@class\" : \"sluice.testing.Gadget\","));
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .hasMessage(
            "file:%s: not readable: @class is none of [format, stage, attempt, siblings, key, rows,"
                + " content, facts, files, seconds, created, machine] of StageManifest",
            manifest);
    attempt = published("old");
    manifest =
        forge(attempt, text -> text.replaceFirst("(?s)\"key\" : \\{.*?\\n  }", "\"key\" : null"));
    assertThatThrownBy(() -> run.current(Stage.RAW))
        .hasMessage("file:%s: not readable: key must not be null in StageManifest", manifest);
  }

  @Test
  void aSerialisedObjectInPlaceOfALeaseHoldsForAWhileAndNoLonger() throws IOException {
    Path lease = bank.resolve("_lease/0000000007.json");
    write(lease, "");
    Files.write(lease, Gadget.serialised());
    assertThatThrownBy(() -> hold(run))
        .isInstanceOf(RunHeld.class)
        .hasMessage(
            "file:%s: one run at a time: it is held by a run that is just starting; wait until that"
                + " ends, or choose another pipeline.name",
            bank);
    Files.setLastModifiedTime(lease, FileTime.fromMillis(0));
    hold(run).close();
    assertThat(lease).doesNotExist();
  }

  @Test
  void aLeaseAfterWhichNoneCanComeIsRefused() {
    Path lease = bank.resolve("_lease/9999999999.json");
    write(lease, "{}");
    assertThatThrownBy(() -> hold(run))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "file:%s: the number of a lease must be below 9999999999, got that one: it is none that"
                + " counting reached, remove it",
            lease);
  }

  /** Its owner cannot be read, so it is nobody's, and its directory goes, which is a link. */
  @Test
  void aSerialisedObjectInPlaceOfAMarkerIsNobodys() throws IOException {
    Path marker = bank.resolve("raw/_20260304T050607089Z-0123abcd.json");
    write(marker, "");
    Files.write(marker, Gadget.serialised());
    Path attempt =
        Files.createSymbolicLink(bank.resolve("raw/20260304T050607089Z-0123abcd"), outside);
    published("new");
    assertThat(marker).doesNotExist();
    assertThat(Files.isSymbolicLink(attempt)).isFalse();
  }

  @Test
  void theTrapOfTheseTestsIsSet() throws Exception {
    Gadget.deserialised(Gadget.serialised());
    assertThat(Gadget.runs()).isEqualTo(1);
    assertThat(new String(Gadget.serialised(), StandardCharsets.ISO_8859_1))
        .startsWith("\u00ac\u00ed");
  }
}
