package sluice.jobs;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a command writes to: results to the output, problems to the error output and, where a person
 * watches, one line there that is written over while something is under way. Thread-safe.
 */
public final class Screen {
  private final PrintWriter out;
  private final PrintWriter err;
  private final int columns;
  private final UnaryOperator<String> shown;
  private int drawn;

  /**
   * @param columns the width of the terminal that the error output is; 0 if it is none, and then
   *     nothing moves
   * @param shown what becomes of a text before it is shown, so that no secret and no control
   *     character is
   */
  public Screen(PrintWriter out, PrintWriter err, int columns, UnaryOperator<String> shown) {
    this.out = out;
    this.err = err;
    this.columns = columns;
    this.shown = shown;
  }

  /** Whether there is a line that moves. */
  boolean moves() {
    return columns > 0;
  }

  /** Prints a result. */
  public synchronized void print(String line) {
    still();
    out.println(shown.apply(line));
    out.flush();
  }

  /** Prints what the user should know beside the result. */
  public synchronized void warn(String line) {
    still();
    err.println(shown.apply(line));
    err.flush();
  }

  /**
   * Shows what is under way, over what was shown before.
   *
   * @param parts the most important first; those that there is no room for are left out, as half a
   *     number would mislead
   */
  synchronized void move(List<String> parts) {
    if (moves()) {
      draw(shown.apply(fitting(parts)));
      err.flush();
    }
  }

  /** Takes the moving line away. */
  public synchronized void still() {
    if (drawn > 0) {
      draw("");
      err.print("\r");
      err.flush();
    }
  }

  private void draw(String text) {
    err.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
    drawn = text.length();
  }

  /** In the last column many terminals break the line. */
  private String fitting(List<String> parts) {
    StringBuilder text = new StringBuilder(parts.get(0));
    for (String part : parts.subList(1, parts.size())) {
      if (text.length() + 2 + part.length() < columns) {
        text.append("  ").append(part);
      }
    }
    return text.substring(0, Math.min(text.length(), columns - 1));
  }
}
