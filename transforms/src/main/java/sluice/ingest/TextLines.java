package sluice.ingest;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The lines of a text, each with what ends it, so that they can be put together again. */
final class TextLines {
  private static final int BUFFER_CHARACTERS = 1 << 16;

  /**
   * A line.
   *
   * @param number from 1
   * @param text without its end
   * @param end what ends it; empty at the end of the text
   */
  record Line(long number, String text, String end) {}

  private final Reader in;
  private final @Nullable String separator;
  private final int most;
  private final char[] buffer = new char[BUFFER_CHARACTERS];
  private int at;
  private int filled;
  private long number;

  /**
   * @param separator ends a line; null for a line feed, a carriage return or both
   * @param most of a line no more than so many characters and one, which tells that there are more,
   *     is held; with a separator it is held whole
   */
  TextLines(Reader in, @Nullable String separator, int most) {
    this.in = in;
    this.separator = separator;
    this.most = separator == null ? most : Integer.MAX_VALUE;
  }

  /** The text of the next line, or null at the end. */
  @Nullable String nextText() {
    Line line = next();
    return line == null ? null : line.text();
  }

  /** The next line, or null at the end of the text. */
  @Nullable Line next() {
    if (!isFilled()) {
      return null;
    }
    number++;
    StringBuilder text = new StringBuilder();
    while (isFilled()) {
      int from = at;
      while (at < filled && !mayEnd(buffer[at])) {
        at++;
      }
      text.append(buffer, from, Math.min(at - from, room(text)));
      if (at < filled) {
        char sign = buffer[at++];
        if (separator == null) {
          boolean both = sign == '\r' && isFilled() && buffer[at] == '\n';
          at += both ? 1 : 0;
          return new Line(number, text.toString(), both ? "\r\n" : String.valueOf(sign));
        }
        text.append(sign);
        int without = text.length() - separator.length();
        if (without >= 0 && text.indexOf(separator, without) == without) {
          text.setLength(without);
          return new Line(number, text.toString(), separator);
        }
      }
    }
    return new Line(number, text.toString(), "");
  }

  private int room(StringBuilder text) {
    return most == Integer.MAX_VALUE ? most : most + 1 - text.length();
  }

  private boolean mayEnd(char sign) {
    return separator == null
        ? sign == '\n' || sign == '\r'
        : sign == separator.charAt(separator.length() - 1);
  }

  private boolean isFilled() {
    if (at < filled) {
      return true;
    }
    try {
      at = 0;
      filled = in.read(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return filled > 0;
  }
}
