package sluice.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts the scripts of the project as a user does, in the project's root.
 *
 * @param directory where what they say is kept
 * @param environment more of it, besides this process's
 */
record Scripts(Path directory, Map<String, String> environment) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What a script said and how it ended. */
  record Said(int code, String output, String errors) {}

  /** Runs a command to its end. */
  Said run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Path errors = Files.createTempFile(directory, "errors", ".txt");
    int code = start(output, errors, command).waitFor();
    return new Said(code, Files.readString(output), Files.readString(errors));
  }

  /** What a command prints; it must succeed. */
  String output(String... command) throws IOException, InterruptedException {
    Said said = run(command);
    if (said.code != 0) {
      throw new AssertionError("%s: %s".formatted(List.of(command), said));
    }
    return said.output.strip();
  }

  /** Starts a command; the first is below {@code scripts}, or a path. */
  Process start(Path output, Path errors, String... command) throws IOException {
    List<String> parts = new ArrayList<>(List.of(command));
    parts.set(0, ROOT.resolve("scripts").resolve(command[0]).toString());
    ProcessBuilder builder =
        new ProcessBuilder(parts)
            .directory(ROOT.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }
}
