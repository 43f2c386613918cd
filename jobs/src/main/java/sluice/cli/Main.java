package sluice.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/** The entry point, of {@code java} and of spark-submit. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and exits with its code. A success returns instead: on YARN an exit, even with
   * 0, counts as a failure of the application.
   */
  public static void main(String... arguments) {
    exitWith(stopped -> program(stopped).run(arguments));
  }

  /** Runs a command and returns its exit code; see {@link sluice.jobs.ExitCode}. */
  public static int run(String... arguments) {
    return program(() -> false).run(arguments);
  }

  /**
   * Runs a command to its end, or until a signal, which ends the process at once and leaves the
   * code to the system: 130 for Ctrl-C.
   *
   * @param command gives the exit code; is told whether the process is being stopped
   */
  static void exitWith(ToIntFunction<BooleanSupplier> command) {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean stopped = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!ended.get()) {
                    stopped.set(true);
                    System.err.println(
                        "stopped: what was published is whole, and the same command goes on from"
                            + " there");
                    // What is torn down under the work that goes on has traces to print.
                    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
                  }
                }));
    int code = command.applyAsInt(stopped::get);
    ended.set(true);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * The program. What it writes is the same wherever it runs: numbers, file names and messages that
   * are formatted by the default locale have the digits and signs of none.
   */
  private static Program program(BooleanSupplier stopped) {
    Locale.setDefault(Locale.ROOT);
    return new Program(
        Jobs.ALL,
        Jobs.COMMANDS,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        stopped);
  }
}
