package sluice.data;

import java.io.Serializable;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text as a typed value. Whatever reads text reads it here: the fields of CSV files, the strings
 * and numbers of JSON, the {@code cast} rule and a scorer.
 *
 * <p>Blanks around text do not count. A whole number may be written as {@code 3}, {@code 3.0} or
 * {@code 3e2}; 3.5 is none, and neither is one out of range. A real number is as in {@link
 * NumberNotation}, and one that overflows is none. A boolean is true, t, yes, y or 1, false, f, no,
 * n or 0. Dates and times are as in {@link TimeNotation}. Neither the locale nor the time zone of
 * the machine has a say.
 *
 * @param numbers how numbers are written
 * @param times how dates and times are written
 */
public record ValueParser(NumberNotation numbers, TimeNotation times) implements Serializable {
  /** White_Space of Unicode 15, the separators of ASCII and the byte order mark. */
  public static final String BLANKS =
      "\t\n"
          + "\u000B\f\r"
          + "\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
          + "\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

  /** Decimal points and ISO 8601. */
  public static final ValueParser STANDARD =
      new ValueParser(NumberNotation.STANDARD, TimeNotation.STANDARD);

  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");

  /** The value of a text, or null if it is none of that type; a string is itself. */
  public @Nullable Object parse(String text, FieldType type) {
    if (type == FieldType.STRING) {
      return text;
    }
    String stripped = strip(text);
    return switch (type) {
      case BOOLEAN -> {
        String lower = stripped.toLowerCase(Locale.ROOT);
        yield TRUE.contains(lower) ? Boolean.TRUE : FALSE.contains(lower) ? Boolean.FALSE : null;
      }
      case BYTE, SHORT, INT, LONG -> {
        Long whole = numbers.ofLong(stripped);
        yield whole == null ? null : ranged(whole, type);
      }
      case FLOAT -> numbers.ofFloat(stripped);
      case DOUBLE -> numbers.ofDouble(stripped);
      case DATE -> times.ofDate(stripped);
      case TIMESTAMP -> times.ofTimestamp(stripped);
      case TIMESTAMP_NTZ -> times.ofTimestampNtz(stripped);
      case STRING, BINARY -> null;
    };
  }

  /** The text without blanks at its ends. */
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && BLANKS.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (from < to && BLANKS.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static @Nullable Object ranged(long whole, FieldType type) {
    return switch (type) {
      case BYTE -> (byte) whole == whole ? (Object) (byte) whole : null;
      case SHORT -> (short) whole == whole ? (Object) (short) whole : null;
      case INT -> (int) whole == whole ? (Object) (int) whole : null;
      default -> whole;
    };
  }
}
