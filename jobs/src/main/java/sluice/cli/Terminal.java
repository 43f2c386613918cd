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

  /**
   * A text that the terminal shows as it stands: a message may quote a file that anybody wrote, and
   * a control character in it could move the cursor or rename the window.
   */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
      plain.append(!control ? c : c < ' ' ? (char) ('\u2400' + c) : '\uFFFD');
    }
    return plain.toString();
  }

  /** The width of the terminal, if the shell says it. */
  static int columns() {
    return Optional.ofNullable(System.getenv("COLUMNS"))
        .filter(columns -> columns.matches("[1-9][0-9]{0,4}"))
        .map(Integer::parseInt)
        .orElse(COLUMNS);
  }
}
