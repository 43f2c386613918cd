package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.testing.Gadget;

/** Configurations that anybody may have written. */
final class HostileConfigurationTest {
  private static final String SECTIONS =
      """
      pipeline.name = x
      ingest { format = csv, path = "x.csv", schema = "age INT, y STRING" }
      normalise { label.column = y, features = [{ columns = [age], steps = [standardise] }] }
      """;

  private Path directory;

  @BeforeEach
  void in(@TempDir Path directory) throws IOException {
    this.directory = directory.toRealPath();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private List<String> problems(Path file) {
    InvalidInput invalid =
        catchThrowableOfType(
            InvalidInput.class, () -> ConfigReader.ofPipelines().read(file, List.of()));
    assertThat(invalid).isNotNull();
    assertThat(invalid.kind()).isEqualTo(InvalidInput.Kind.CONFIGURATION);
    assertThat(Gadget.runs()).isZero();
    return invalid.problems().stream()
        .map(problem -> problem.replace(directory + "/", ""))
        .toList();
  }

  static Stream<Arguments> texts() {
    String deep = "x.conf: must not be nested so deeply";
    return Stream.of(
        Arguments.of("objects in objects", "a {".repeat(100_000), deep),
        Arguments.of("lists in lists", "a = " + "[".repeat(100_000), deep),
        Arguments.of("a path without end", "a" + ".a".repeat(100_000) + " = 1", deep),
        Arguments.of(
            "an include from the network",
            SECTIONS + "include url(\"http://localhost:1/x.conf\")",
            "x.conf: 4: include http://localhost:1/x.conf: must be the path of a file"),
        Arguments.of(
            "an include by the network's name of a file",
            SECTIONS + "include url(\"file:///etc/passwd\")",
            "x.conf: include file:/etc/passwd: must be the path of a file"),
        Arguments.of(
            "an include from the class path",
            SECTIONS + "include classpath(\"reference.conf\")",
            "x.conf: 4: include reference.conf: must be the path of a file"),
        Arguments.of(
            "an include without end",
            SECTIONS + "include file(\"/dev/zero\")",
            "x.conf: 4: include /dev/zero: must be a file, got a device or a pipe"),
        Arguments.of(
            "an include that is required and no file",
            SECTIONS + "include required(url(\"jar:file:/x.jar!/x.conf\"))",
            "x.conf: 4: include jar:file:/x.jar!/x.conf: must be the path of a file"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void isRefused(String what, String text, String problem) throws IOException {
    assertThat(problems(file("x.conf", text))).as(what).containsExactly(problem);
  }

  /** Each includes the next one twice: 2 to the power of 30 of them. */
  @Test
  void includesThatMultiplyAreCounted() throws IOException {
    for (int i = 0; i < 30; i++) {
      String next = "include \"%d.conf\"\n".formatted(i + 1);
      file(i + ".conf", next + next);
    }
    file("30.conf", "");
    assertThat(problems(file("x.conf", SECTIONS + "include \"0.conf\"")))
        .singleElement()
        .asString()
        .matches("\\d+\\.conf: 1: include \\d+\\.conf: must be one of 1,000 at most");
  }

  /** The same file under ever longer names. */
  @Test
  void includesThroughALinkToTheirOwnFolderEnd() throws IOException {
    Files.createSymbolicLink(directory.resolve("l"), directory);
    assertThat(problems(file("x.conf", SECTIONS + "include \"l/x.conf\"")))
        .singleElement()
        .asString()
        .endsWith("l/x.conf: not readable: FileSystemException");
  }

  @Test
  void aSerialisedObjectAndAHugeFileAreNoConfigurations() throws IOException {
    Path object = Files.write(directory.resolve("object.conf"), Gadget.serialised());
    assertThat(problems(object))
        .containsExactly("object.conf: must be text in UTF-8, got other bytes");
    Path huge = directory.resolve("huge.conf");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertThat(problems(huge))
        .containsExactly("huge.conf: must have at most 16,777,216 bytes, got more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.jars",
        "spark.jars.packages",
        "spark.submit.pyFiles",
        "spark.driver.extraClassPath",
        "spark.driver.extraJavaOptions",
        "spark.executor.extraJavaOptions",
        "spark.executor.defaultJavaOptions",
        "spark.executorEnv.LD_PRELOAD",
        "spark.executor.resource.gpu.discoveryScript",
        "spark.hadoop.net.topology.script.file.name",
        "spark.kubernetes.executor.container.image",
        "spark.kubernetes.driver.podTemplateFile",
        "spark.yarn.dist.jars",
        "spark.sql.hive.metastore.jars"
      })
  void settingsThatBringCodeInAreForSparkSubmit(String key) throws IOException {
    assertThat(problems(file("x.conf", SECTIONS + "spark.\"%s\" = x".formatted(key))))
        .containsExactly(
            "x.conf: 4: spark.%s must be given to spark-submit, not by a configuration: it brings"
                    .formatted(key)
                + " code in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.master",
        "spark.executor.memory",
        "spark.eventLog.dir",
        "spark.hadoop.fs.s3a.endpoint",
        "spark.hadoop.hadoop.security.credential.provider.path",
        "spark.sql.shuffle.partitions"
      })
  void otherSettingsAreTaken(String key) throws IOException {
    Path file = file("x.conf", SECTIONS + "spark.\"%s\" = x".formatted(key));
    assertThat(ConfigReader.ofPipelines().read(file, List.of()).value().spark())
        .isEqualTo(Map.of(key, "x"));
  }

  /** A record's own check quotes the value; what came from the environment it must not. */
  @Test
  void aProblemShowsNothingFromTheEnvironment() throws IOException {
    ConfigReader<Kitchen> reader =
        new ConfigReader<>(
            Kitchen.class,
            Kitchen.FAMILIES,
            ConfigReader.parseReference(Kitchen.REFERENCE),
            Map.of("PASS", "-31337"),
            UnaryOperator.identity(),
            kitchen -> List.of());
    Path file = file("x.conf", "name = k\noven.degrees = ${PASS}");
    InvalidInput invalid =
        catchThrowableOfType(InvalidInput.class, () -> reader.read(file, List.of()));
    assertThat(invalid.problems())
        .containsExactly(
            "environment variable PASS: oven.degrees must be at least 1, got <redacted>");
  }

  /** Also where the key is a dotted path, and where the value stands within another. */
  @Test
  void nothingSecretIsShownUnderAnyKey() throws IOException {
    ConfigReader<Kitchen> reader =
        new ConfigReader<>(
            Kitchen.class,
            Kitchen.FAMILIES,
            ConfigReader.parseReference(Kitchen.REFERENCE),
            Map.of("PASS", "hunter2"),
            UnaryOperator.identity(),
            kitchen -> List.of());
    Path file =
        file(
            "x.conf",
            """
            name = k
            options { "a.b" = ${PASS}, c = "so is hunter2", url = "ftp://me:other@host/x" }
            """);
    ResolvedConfig<Kitchen> read = reader.read(file, List.of());
    assertThat(read.redacted())
        .contains(
            "options.\"a.b\" = <redacted>",
            "options.c = \"so is <redacted>\"",
            "options.url = \"ftp://<redacted>@host/x\"");
    assertThat(read.redaction().of("Wrong FS: s3a://me:hunter2@bucket, hunter2"))
        .isEqualTo("Wrong FS: s3a://<redacted>@bucket, <redacted>");
    assertThat(read.isSecret("options", "a.b")).isTrue();
    assertThat(read.isSecret("options", "c")).isFalse();
  }
}
