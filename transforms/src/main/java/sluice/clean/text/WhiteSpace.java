package sluice.clean.text;

import java.util.ArrayList;
import java.util.List;

/** What Unicode calls white space: the property White_Space, the same since Unicode 6.3. */
final class WhiteSpace {
  private WhiteSpace() {}

  /** Whether a code point is white space. */
  static boolean is(int c) {
    return (c >= 0x9 && c <= 0xd)
        || c == ' '
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  /** Whether a code point ends a line: the mandatory breaks of UAX 14. */
  static boolean endsLine(int c) {
    return (c >= 0xa && c <= 0xd) || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /** The text without white space at its ends. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && is(text.charAt(from))) {
      from++;
    }
    while (from < to && is(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** The lines of a text as they stand, empty ones too; CR LF is one end of a line. */
  static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (endsLine(c)) {
        lines.add(text.substring(from, i));
        i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
        from = i + 1;
      }
    }
    lines.add(text.substring(from));
    return lines;
  }
}
