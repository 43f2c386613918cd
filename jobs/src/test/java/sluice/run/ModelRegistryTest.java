package sluice.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.run.Runs.hadoop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.InvalidInput;
import sluice.run.ModelRegistry.Promotion;

final class ModelRegistryTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-05T01:00:00Z"));

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path temp;

  @SuppressWarnings("NullAway.Init") // set before each
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = ModelRegistry.of(hadoop(temp), "bank", new Configuration());
  }

  private Path root() {
    return temp.resolve("_models/bank");
  }

  private ModelRegistry.Promoted promote(String bundle, @Nullable String date) {
    RunDirectory run =
        RunDirectory.create(
            hadoop(temp),
            "bank",
            Optional.ofNullable(date).map(LocalDate::parse),
            new Configuration());
    Published model;
    try (HeldRun held = run.hold(RunSettings.DEFAULT, CLOCK);
        Attempt attempt = held.begin(Stage.MODEL, Runs.KEY)) {
      model = attempt.publish(new StageOutput(Stage.MODEL, Map.of(), bundle, Map.of()));
    }
    return registry.promote(
        new ModelVersion.Candidate(
            bundle,
            new TreeMap<>(Map.of("bundle.json", bundle.getBytes(StandardCharsets.UTF_8))),
            run,
            model,
            model,
            Map.of("f1", 0.5),
            Map.of("source", "abc")),
        CLOCK);
  }

  private static void assertNothingIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void nothingIsWrittenThroughALinkToElsewhere() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.createDirectories(root());
    Path lease = Files.createSymbolicLink(root().resolve("_lease"), outside);
    assertThatThrownBy(() -> promote("one", null))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: must be a directory itself, is a link; nothing was touched", lease);
    assertNothingIn(outside);

    Files.delete(lease);
    Path version = Files.createSymbolicLink(root().resolve("000001"), outside);
    assertThat(promote("one", null).promotion()).isEqualTo(Promotion.IN_USE);
    assertThat(Files.isSymbolicLink(version)).isFalse();
    assertThat(version.resolve("bundle.json")).hasContent("one");
    assertNothingIn(outside);
  }

  private List<Integer> used() {
    return registry.changes().stream().map(ModelRegistry.Change::version).toList();
  }

  @Test
  void aVersionIsACopyThatOutlivesItsRun() throws IOException {
    assertThat(registry.inUse()).isEmpty();
    assertThat(registry.versions()).isEmpty();
    ModelRegistry.Promoted first = promote("one", null);
    assertThat(first.promotion()).isEqualTo(Promotion.IN_USE);
    ModelVersion version = first.version();
    assertThat(version.version()).isEqualTo(1);
    assertThat(version.run()).isEqualTo("file:" + temp.resolve("bank"));
    assertThat(version.scores()).containsExactly(Map.entry("f1", 0.5));
    assertThat(version.created()).isEqualTo("2026-11-05T01:00:00Z");
    assertThat(registry.inUse()).contains(version);
    assertThat(registry.read(version, "bundle.json", 100)).asString().isEqualTo("one");
    assertThat(promote("one", null).promotion()).isEqualTo(Promotion.UNCHANGED);
    assertThat(registry.versions()).containsExactly(version);
    assertThat(promote("two", null).version().version()).isEqualTo(2);
    assertThat(used()).containsExactly(1, 2);
    assertThat(ModelRegistry.all(hadoop(temp), new Configuration()))
        .extracting(ModelRegistry::name)
        .containsExactly("bank");
  }

  @Test
  void aLaterDateStaysInUse() {
    assertThat(promote("third", "2026-11-03").promotion()).isEqualTo(Promotion.IN_USE);
    ModelRegistry.Promoted earlier = promote("first", "2026-11-01");
    assertThat(earlier.promotion()).isEqualTo(Promotion.LATER_IN_USE);
    assertThat(earlier.inUse().bundle()).isEqualTo("third");
    assertThat(registry.versions())
        .extracting(ModelVersion::bundle)
        .containsExactly("third", "first");
    assertThat(promote("fourth", "2026-11-04").promotion()).isEqualTo(Promotion.IN_USE);
    assertThat(used()).containsExactly(1, 3);
  }

  @Test
  void whatToCompareWithIsTheSameBeforeAndAfterPromotion() {
    assertThat(registry.before("one", null)).isEmpty();
    promote("one", "2026-11-01");
    promote("two", "2026-11-02");
    LocalDate third = LocalDate.parse("2026-11-03");
    assertThat(registry.before("three", third).orElseThrow().bundle()).isEqualTo("two");
    promote("three", "2026-11-03");
    assertThat(registry.before("three", third).orElseThrow().bundle()).isEqualTo("two");
    assertThat(registry.before("two", LocalDate.parse("2026-11-02")).orElseThrow().bundle())
        .isEqualTo("one");
    assertThat(registry.before("one", LocalDate.parse("2026-11-01"))).isEmpty();
  }

  @Test
  void stepsBackLeadFurtherBack() {
    promote("one", null);
    promote("two", null);
    promote("three", null);
    registry.use(registry.previous().version(), CLOCK);
    assertThat(used()).containsExactly(1, 2, 3, 2);
    assertThat(registry.previous().version()).isEqualTo(1);
    registry.use(1, CLOCK);
    assertThatThrownBy(() -> registry.previous())
        .isInstanceOf(InvalidInput.class)
        .hasMessage("file:%s: no version was in use before version 1".formatted(root()));
    assertThat(promote("three", null).promotion()).isEqualTo(Promotion.REPLACED_BEFORE);
    assertThat(promote("four", null).promotion()).isEqualTo(Promotion.IN_USE);
    assertThat(registry.previous().version()).isEqualTo(1);
    assertThatThrownBy(() -> registry.use(4, CLOCK))
        .hasMessage("file:%s: version 4 is in use already".formatted(root()));
  }

  @Test
  void whatAKilledProcessLeftIsNoVersion() throws IOException {
    promote("one", null);
    Files.createDirectories(root().resolve("000002"));
    Files.writeString(root().resolve("000002/bundle.json"), "half");
    Files.writeString(root().resolve("notes.txt"), "somebody's");
    assertThat(registry.versions()).hasSize(1);
    ModelVersion two = promote("two", null).version();
    assertThat(two.version()).isEqualTo(2);
    assertThat(registry.read(two, "bundle.json", 100)).asString().isEqualTo("two");
    assertThat(root().resolve("notes.txt")).hasContent("somebody's");
  }

  @Test
  void changedFilesAreRefused() throws IOException {
    ModelVersion one = promote("one", null).version();
    Files.writeString(root().resolve("000001/bundle.json"), "other");
    assertThatThrownBy(() -> registry.read(one, "bundle.json", 100))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(
            "file:%s/000001/bundle.json: the SHA-256 must be ".formatted(root()));
    Path current = root().resolve("_current.json");
    Files.writeString(
        current, Files.readString(current).replace("\"format\" : 1", "\"format\" : 9"));
    assertThatThrownBy(() -> registry.inUse())
        .hasMessageStartingWith(
            "file:%s: not readable: format must be 1, got 9".formatted(current));
    Path version = root().resolve("000001/_version.json");
    Files.writeString(
        version, Files.readString(version).replace("\"bundle.json\"", "\"../bundle.json\""));
    assertThatThrownBy(() -> registry.versions())
        .hasMessageContaining("files must hold SHA-256 digests by file name, got {../bundle.json=");
  }
}
