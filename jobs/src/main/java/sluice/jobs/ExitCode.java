package sluice.jobs;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.data.InvalidInput;
import sluice.run.RunHeld;

/** How a command ended, for the shell and for schedulers. */
public enum ExitCode {
  SUCCESS(0),
  /** A defect or a broken machine: not the user's doing, shown with its trace. */
  INTERNAL(1),
  /** The command line or the configuration. */
  CONFIGURATION(2),
  /** Contract, quarantine, ledger, sufficiency. */
  DATA(3),
  /** A quality gate that was not passed. */
  GATE(4),
  /** Another process holds the run: the same command may do later. */
  HELD(5);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** What a failure stands for; Spark wraps what its tasks throw, so causes count. */
  public static ExitCode of(Throwable failure) {
    return causes(failure)
        .flatMap(
            cause ->
                cause instanceof GateNotPassed
                    ? Stream.of(GATE)
                    : cause instanceof InvalidInput invalid
                        ? Stream.of(invalid.kind() == InvalidInput.Kind.DATA ? DATA : CONFIGURATION)
                        : cause instanceof RunHeld ? Stream.of(HELD) : Stream.empty())
        .findFirst()
        .orElse(INTERNAL);
  }

  /** What to tell the user of a failure, one line each; nothing if its trace is what counts. */
  public static Optional<List<String>> message(Throwable failure) {
    return causes(failure)
        .flatMap(
            cause ->
                cause instanceof GateNotPassed gate
                    ? Stream.of(gate.gates())
                    : cause instanceof InvalidInput invalid
                        ? Stream.of(invalid.problems())
                        : cause instanceof RunHeld held
                            ? Stream.of(List.of(held.getMessage()))
                            : Stream.empty())
        .findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(100);
  }
}
