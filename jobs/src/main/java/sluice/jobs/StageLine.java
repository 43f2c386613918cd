package sluice.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the screen shows of a stage that has ended.
 *
 * @param name the command that makes it
 * @param rows how many rows it has
 * @param time how long it took, or what came instead of it
 * @param notes what is noteworthy, the figures first
 */
record StageLine(String name, long rows, String time, List<String> notes) {
  /** The column that notes begin in. */
  private static final int NOTES = 38;

  StageLine {
    notes = List.copyOf(notes);
  }

  /** Of a stage that was made. */
  static StageLine made(String name, long rows, double seconds, List<String> notes) {
    return new StageLine(name, rows, String.format(Locale.ROOT, "%.1f s", seconds), notes);
  }

  /** Of a stage that is there already, as it would be made. */
  static StageLine unchanged(String name, long rows, List<String> notes) {
    return new StageLine(name, rows, "unchanged", notes);
  }

  /** One line, and one more for each further note, below the first. */
  List<String> lines() {
    String head = String.format(Locale.ROOT, "%-9s %,11d rows %9s  ", name, rows, time);
    List<String> lines = new ArrayList<>();
    lines.add((head + (notes.isEmpty() ? "" : notes.get(0))).stripTrailing());
    for (String note : notes.subList(Math.min(1, notes.size()), notes.size())) {
      lines.add(" ".repeat(NOTES) + note);
    }
    return lines;
  }
}
