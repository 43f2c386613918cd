package sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {

  @Test
  void theCodeIsReturnedAndTheStreamsAreThoseOfTheProcess(@TempDir Path directory)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.conf"), "pipeline.name = \"Müsli\"" + Sections.REQUIRED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    int valid;
    int invalid;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      valid = Main.run("validate", file.toString(), "--set", "pipeline.name=demo");
      invalid = Main.run("validate", file.toString());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
    assertThat(valid).isZero();
    assertThat(invalid).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(file + " is valid\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            file
                + ": 1: pipeline.name must be letters, digits, dots, underscores and hyphens, a"
                + " letter or digit first, got \"Müsli\"\n");
  }

  @Test
  void aProcessEndsWithTheCode(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(directory.resolve("x.conf"), "pipeline.name = demo" + Sections.REQUIRED);
    assertThat(process(Main.class, "validate", file.toString()).waitFor()).isZero();
    assertThat(process(Main.class, "validate", file + "x").waitFor()).isEqualTo(2);
  }

  /** A command that waits until its process is ended from outside. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String... arguments) {
      Main.exitWith(
          stopped -> {
            System.out.println("waiting");
            while (!stopped.getAsBoolean()) {
              Thread.onSpinWait();
            }
            return 1;
          });
    }
  }

  @Test
  void aSignalEndsTheProcessWithOneLine() throws Exception {
    Process process = process(Waiting.class);
    assertThat(process.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("waiting");
    assertThat(process.toHandle().destroy()).isTrue();
    // 128 and the number of the signal, as the shell has it.
    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(process.errorReader(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "stopped: what was published is whole, and the same command goes on from there");
  }

  private static Process process(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Java tells that it has found some.
    builder.environment().remove("JDK_JAVA_OPTIONS");
    return builder.start();
  }
}
