package sluice.cli;

import java.util.Optional;
import sluice.jobs.Progress;

/** What the command writes to. */
final class Terminal {
  private static final int COLUMNS = 80;

  private Terminal() {}

  /** A bar if a person watches; Java has a console only if both input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // From Java 22 on; Spark keeps us on 17.
  static Progress.Style style() {
    return System.console() == null ? Progress.Style.LINES : Progress.Style.BAR;
  }

  /** The width of the terminal, if the shell says it. */
  static int columns() {
    return Optional.ofNullable(System.getenv("COLUMNS"))
        .filter(columns -> columns.matches("[1-9][0-9]{0,4}"))
        .map(Integer::parseInt)
        .orElse(COLUMNS);
  }
}
