package sluice.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Input that breaks a stated rule: a configuration value, a contract, a file. Its message stands by
 * itself (what, rule, actual value, where) and is shown to the user without a stack trace; anything
 * else that is thrown is a defect of the program.
 *
 * <p>All problems that were found together are reported together.
 */
public final class InvalidInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Who has to act, and hence the exit code. */
  public enum Kind {
    /** The configuration or the command line: exit code 2. */
    CONFIGURATION,
    /** The data: contract, quarantine, ledger, sufficiency: exit code 3. */
    DATA
  }

  private final Kind kind;
  private final ArrayList<String> problems;

  private InvalidInput(Kind kind, List<String> problems) {
    super(String.join("\n", problems));
    this.kind = kind;
    this.problems = new ArrayList<>(problems);
  }

  /** A problem of the configuration. */
  public static InvalidInput configuration(String problem) {
    return new InvalidInput(Kind.CONFIGURATION, List.of(problem));
  }

  /** Problems of the configuration that were found together; at least one. */
  public static InvalidInput configuration(List<String> problems) {
    return new InvalidInput(Kind.CONFIGURATION, problems);
  }

  /** A problem of the data. */
  public static InvalidInput data(String problem) {
    return new InvalidInput(Kind.DATA, List.of(problem));
  }

  /** Problems of the data that were found together; at least one. */
  public static InvalidInput data(List<String> problems) {
    return new InvalidInput(Kind.DATA, problems);
  }

  public Kind kind() {
    return kind;
  }

  /** Each problem, one line of text. */
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
