package sluice.clean;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;
import sluice.data.FieldType;
import sluice.data.ValueParser;

/**
 * Values of one type as values of another, and as words. Both faces of the rules use it, so that
 * they agree.
 */
public final class Values {
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
  static @Nullable Object convert(Object value, FieldType to) {
    return convert(value, to, ValueParser.STANDARD);
  }

  /** The same with a parser of its own for text. */
  static @Nullable Object convert(Object value, FieldType to, ValueParser parser) {
    if (value.getClass() == to.valueClass()) {
      return value;
    }
    if (value instanceof String text) {
      return parser.parse(text, to);
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

  /** A value in a message. */
  public static String words(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    return value instanceof String text ? Excerpt.quoted(text) : String.valueOf(value);
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
}
