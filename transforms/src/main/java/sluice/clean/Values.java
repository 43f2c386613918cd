package sluice.clean;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;

/**
 * Values of one type as values of another, and as words. Both faces of the rules use it, so that
 * they agree.
 */
public final class Values {
  /** White_Space of Unicode 15, the separators of ASCII and the byte order mark. */
  static final String BLANKS =
      "\t\n"
          + "\u000B\f\r"
          + "\u001C\u001D\u001E\u001F \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
          + "\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?");
  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");
  private static final int SHOWN_CHARACTERS = 100;

  private Values() {}

  /** The type of a value, by its class. */
  static FieldType typeOf(Object value) {
    for (FieldType type : FieldType.values()) {
      if (type.valueClass() == value.getClass()) {
        return type;
      }
    }
    throw new IllegalArgumentException("no column has values of " + value.getClass().getName());
  }

  /**
   * Whether any value of one type can be one of another: all but numbers and points in time, and
   * bytes, which are nothing else.
   */
  static boolean convertible(FieldType from, FieldType to) {
    if (from == FieldType.BINARY || to == FieldType.BINARY) {
      return from == to;
    }
    boolean countsFrom = from.isNumber() || from == FieldType.BOOLEAN;
    boolean countsTo = to.isNumber() || to == FieldType.BOOLEAN;
    return !(countsFrom && to.isTime()) && !(from.isTime() && countsTo);
  }

  /** The value as another type, or null if it is not one without loss of more than precision. */
  public static @Nullable Object convert(Object value, FieldType to) {
    if (value.getClass() == to.valueClass()) {
      return value;
    }
    if (value instanceof String text) {
      return ofText(strip(text), to);
    }
    if (value instanceof byte[] || to == FieldType.BINARY) {
      return null;
    }
    if (to == FieldType.STRING) {
      return value.toString();
    }
    if (value instanceof Boolean truth) {
      return ofDecimal(truth ? BigDecimal.ONE : BigDecimal.ZERO, to);
    }
    if (value instanceof Number number) {
      return ofNumber(number, to);
    }
    return ofTime(value, to);
  }

  /** The values of a type among these texts; two zeros are one value, as are all NaN. */
  static Set<Object> parsed(List<String> texts, FieldType type) {
    Set<Object> values = new HashSet<>();
    for (String text : texts) {
      Object value = convert(text, type);
      if (value != null) {
        values.add(comparable(value));
      }
    }
    return Set.copyOf(values);
  }

  /** Whether a value is one of these, given as text; null is not. */
  static boolean among(@Nullable Object value, List<String> texts) {
    return value != null
        && (value instanceof String
            ? texts.contains(value)
            : parsed(texts, typeOf(value)).contains(comparable(value)));
  }

  /** The value by which equal values are equal objects. */
  static Object comparable(Object value) {
    if (value instanceof Double number) {
      return number == 0 ? 0.0 : number;
    }
    if (value instanceof Float number) {
      return number == 0 ? 0.0f : number;
    }
    return value;
  }

  /** Whether a value is not there, or is a number that says nothing. */
  static boolean isMissing(@Nullable Object value) {
    return value == null
        || (value instanceof Double number && !Double.isFinite(number))
        || (value instanceof Float fraction && !Float.isFinite(fraction));
  }

  /** The text without blanks at its ends. */
  static String strip(String text) {
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

  /** A value in a message. */
  static String words(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    if (!(value instanceof String text)) {
      return String.valueOf(value);
    }
    if (text.length() <= SHOWN_CHARACTERS) {
      return "\"" + text + "\"";
    }
    int end =
        Character.isHighSurrogate(text.charAt(SHOWN_CHARACTERS - 1))
            ? SHOWN_CHARACTERS - 1
            : SHOWN_CHARACTERS;
    return "\"" + text.substring(0, end) + "...\"";
  }

  private static @Nullable Object ofText(String text, FieldType to) {
    try {
      return switch (to) {
        case STRING -> text;
        case BOOLEAN -> {
          String lower = text.toLowerCase(Locale.ROOT);
          yield TRUE.contains(lower) ? Boolean.TRUE : FALSE.contains(lower) ? Boolean.FALSE : null;
        }
        case BYTE, SHORT, INT, LONG ->
            NUMBER.matcher(text).matches() ? ofDecimal(new BigDecimal(text), to) : null;
        case FLOAT -> {
          Double special = notFinite(text);
          yield special != null
              ? (Object) special.floatValue()
              : NUMBER.matcher(text).matches() ? finite(Float.valueOf(text)) : null;
        }
        case DOUBLE -> {
          Double special = notFinite(text);
          yield special != null
              ? special
              : NUMBER.matcher(text).matches() ? finite(Double.valueOf(text)) : null;
        }
        case DATE -> LocalDate.parse(text);
        case TIMESTAMP -> {
          LocalDateTime local = localTime(text);
          yield local != null
              ? local.toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        }
        case TIMESTAMP_NTZ -> localTime(text);
        case BINARY -> null;
      };
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable LocalDateTime localTime(String text) {
    try {
      return text.length() <= 10
          ? LocalDate.parse(text).atStartOfDay()
          : LocalDateTime.parse(text.replace(' ', 'T'));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Double notFinite(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static @Nullable Object ofNumber(Number number, FieldType to) {
    if (to == FieldType.DOUBLE) {
      return number.doubleValue();
    }
    if (to == FieldType.FLOAT) {
      float value = number.floatValue();
      return Float.isInfinite(value) && !Double.isInfinite(number.doubleValue()) ? null : value;
    }
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      return Double.isFinite(value) ? ofDecimal(new BigDecimal(value), to) : null;
    }
    return ofDecimal(BigDecimal.valueOf(number.longValue()), to);
  }

  private static @Nullable Object ofDecimal(BigDecimal value, FieldType to) {
    try {
      return switch (to) {
        case BOOLEAN ->
            value.signum() == 0
                ? Boolean.FALSE
                : value.compareTo(BigDecimal.ONE) == 0 ? Boolean.TRUE : null;
        case BYTE -> value.byteValueExact();
        case SHORT -> value.shortValueExact();
        case INT -> value.intValueExact();
        case LONG -> value.longValueExact();
        case FLOAT -> value.floatValue();
        case DOUBLE -> value.doubleValue();
        case STRING, BINARY, DATE, TIMESTAMP, TIMESTAMP_NTZ -> null;
      };
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static @Nullable Object ofTime(Object value, FieldType to) {
    LocalDateTime time =
        value instanceof LocalDate date
            ? date.atStartOfDay()
            : value instanceof Instant instant
                ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                : (LocalDateTime) value;
    return switch (to) {
      case DATE -> time.toLocalDate();
      case TIMESTAMP -> time.toInstant(ZoneOffset.UTC);
      case TIMESTAMP_NTZ -> time;
      default -> null;
    };
  }

  private static <T extends Number> @Nullable T finite(T value) {
    return Double.isInfinite(value.doubleValue()) ? null : value;
  }
}
