package sluice.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.RejectFar;
import example.YoudenIndex;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.bundle.Scorer;
import sluice.clean.Rule;
import sluice.cli.Main;
import sluice.data.Extension;
import sluice.data.InvalidInput;
import sluice.data.NamedMetric;
import sluice.data.NamedTypes;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Encoder;
import sluice.network.spec.MlpEncoder;
import sluice.run.Stage;

/**
 * What a jar beside Sluice's adds: see {@link AddedParts}. Types are registered when a process
 * starts, so that it takes one of its own; no other test sees them.
 */
class AddedPartsTest {
  @Test
  void aPartOfEachFamilyOfAnotherJar(@TempDir Path dir) throws Exception {
    Path log = dir.resolve("log");
    int code = run(log, Path.of("src/test/extension"), AddedParts.class, dir.toString());
    assertThat(code).as(() -> String.join("\n", lines(log))).isZero();

    Path bundle = new StageOutputs(dir.resolve("runs/rings")).path(Stage.MODEL);
    assertThatThrownBy(() -> Scorer.load(bundle))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("signed-power");
  }

  /** Adds what cannot be added. */
  public static final class Clashing implements Extension {
    @Override
    public List<NamedTypes<?>> types() {
      return List.of(
          NamedTypes.of(Rule.class).with("trim", RejectFar.class),
          NamedTypes.of(Encoder.class).with("perceptron", MlpEncoder.class),
          NamedTypes.of(UpdaterSpec.class).with("lion", UpdaterSpec.Sgd.class));
    }

    @Override
    public List<NamedMetric> metrics() {
      return List.of(new YoudenIndex(), new YoudenIndex(), () -> "mood");
    }

    @Override
    public String reference() {
      return "";
    }
  }

  /** Cannot be made. */
  public static final class Failing implements Extension {
    public Failing() {
      throw new IllegalStateException("out of order");
    }
  }

  @Test
  void extensionsThatAreWrongAreToldBeforeAConfigurationIsRead(@TempDir Path dir) throws Exception {
    Path services = Files.createDirectories(dir.resolve("extension/META-INF/services"));
    Files.write(
        services.resolve(Extension.class.getName()),
        List.of(Clashing.class.getName(), Failing.class.getName()));
    Path log = dir.resolve("log");
    int code = run(log, dir.resolve("extension"), Main.class, "validate", dir + "/none.conf");
    assertThat(code)
        .as(() -> String.join("\n", lines(log)))
        .isEqualTo(ExitCode.CONFIGURATION.number());
    String clashing = "extension " + Clashing.class.getName() + ": ";
    assertThat(lines(log).stream().filter(line -> line.startsWith("extension")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "extensions must be classes with a public constructor without arguments, and"
                            + " one cannot be loaded: sluice.data.Extension: Provider "
                            + Failing.class.getName()
                            + " could not be instantiated: java.lang.IllegalStateException: out of"
                            + " order"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        clashing
                            + "Rule trim must have a name of its own, is sluice.clean.Trim and"
                            + " example.RejectFar"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        clashing
                            + "Encoder perceptron must have one name,"
                            + " sluice.network.spec.MlpEncoder is mlp already"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        clashing
                            + "the family of lion must be one of Augmenter, Combiner, Encoder,"
                            + " FittedStep, Rule, Source, Step, got sluice.network.UpdaterSpec"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        clashing
                            + "metric youdenIndex must have a name of its own, is"
                            + " example.YoudenIndex and example.YoudenIndex"),
            line ->
                assertThat(line)
                    .startsWith(
                        clashing + "metric mood must be a ClassMetric or a NumberMetric, is "));
    assertThat(lines(log)).noneMatch(line -> line.startsWith("\tat "));
  }

  /** Runs a program with something more on its class path; its exit code. */
  private static int run(Path log, Path extension, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(
        extension.toAbsolutePath() + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
