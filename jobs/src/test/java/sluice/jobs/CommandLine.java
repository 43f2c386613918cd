package sluice.jobs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import sluice.cli.Main;

/**
 * What a command ended with.
 *
 * @param code its exit code
 * @param out the lines of its output
 * @param err the lines of its error output
 */
record CommandLine(int code, List<String> out, List<String> err) {

  static CommandLine of(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(arguments);
      return new CommandLine(code, lines(out), lines(err));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  /** The output of a command that must succeed. */
  static List<String> out(String... arguments) {
    CommandLine ended = of(arguments);
    if (ended.code() != 0) {
      throw new AssertionError(
          "%s ended with %d: %s".formatted(List.of(arguments), ended.code(), ended.err()));
    }
    return ended.out();
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
