package sluice.clean.text;

import sluice.text.CodePoints;

/**
 * The Stream-Safe Text Format of UAX 15, section 13: behind 30 combining marks in a row stands a
 * combining grapheme joiner (U+034F). No word of any language has as many; but a text of a million
 * marks would take a normaliser hours, since it sorts the marks of a letter by insertion.
 *
 * <p>The standard counts the characters whose combining class is not 0, of which Java does not
 * tell; here it is all marks, some more.
 */
final class StreamSafe {
  private static final int MOST_MARKS = 30;
  private static final char JOINER = '\u034f';

  private StreamSafe() {}

  /** The text, or if it has too many marks in a row, the text with joiners. */
  static String of(String text) {
    StringBuilder safe = null;
    int marks = 0;
    int copied = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == JOINER || !CodePoints.isMark(c)) {
        marks = 0;
      } else if (++marks > MOST_MARKS) {
        safe = safe == null ? new StringBuilder(text.length() + 16) : safe;
        safe.append(text, copied, i).append(JOINER);
        copied = i;
        marks = 1;
      }
      i += Character.charCount(c);
    }
    return safe == null ? text : safe.append(text, copied, text.length()).toString();
  }
}
