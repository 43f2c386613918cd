package sluice.normalise;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;

/** How a raw value enters its first step. */
final class RawValues {
  private RawValues() {}

  /** The kinds in which a column of this type can enter, the natural one first. */
  static List<Kind> kinds(FieldType type) {
    return switch (type) {
      case BOOLEAN -> List.of(Kind.TEXT, Kind.NUMBER);
      case BYTE, SHORT, INT, LONG -> List.of(Kind.NUMBER, Kind.TEXT);
      case FLOAT, DOUBLE -> List.of(Kind.NUMBER);
      case STRING -> List.of(Kind.TEXT);
      case BINARY -> List.of(Kind.BYTES);
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> List.of(Kind.TIME);
    };
  }

  /** A raw value as this kind; null if it is missing. */
  static @Nullable Object value(Kind kind, @Nullable Object raw) {
    if (raw == null) {
      return null;
    }
    return switch (kind) {
      case NUMBER -> number(raw);
      case TEXT -> raw.toString();
      case TIME -> time(raw);
      case BYTES -> raw;
      case INDEX, VECTOR, SERIES, WEIGHTED_SERIES ->
          throw new IllegalStateException("no column enters as " + kind);
    };
  }

  private static @Nullable Double number(Object raw) {
    if (raw instanceof Boolean truth) {
      return truth ? 1.0 : 0.0;
    }
    double number = ((Number) raw).doubleValue();
    return Double.isFinite(number) ? number : null;
  }

  private static LocalDateTime time(Object raw) {
    if (raw instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    return raw instanceof Instant instant
        ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
        : (LocalDateTime) raw;
  }

  /**
   * The same in Spark SQL, in a session at UTC; a number that is not finite is made missing
   * afterwards.
   */
  static String sql(Kind kind, String input) {
    return "CAST(%s AS %s)".formatted(input, sqlType(kind));
  }

  private static String sqlType(Kind kind) {
    return switch (kind) {
      case NUMBER -> "DOUBLE";
      case TEXT -> "STRING";
      case TIME -> "TIMESTAMP_NTZ";
      case BYTES -> "BINARY";
      case INDEX, VECTOR, SERIES, WEIGHTED_SERIES ->
          throw new IllegalStateException("no column enters as " + kind);
    };
  }
}
