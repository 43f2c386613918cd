package sluice.data;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How dates and times are written: as in {@link IsoTime}, or by patterns of {@link
 * DateTimeFormatter}, which a text must fit from its first to its last character. Where a pattern
 * has no time of day it is midnight; a date that a pattern leaves open is completed by 1970, the
 * first month and the first day, as Spark does.
 */
public final class TimeNotation implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LAST_YEAR = 9999;

  /** ISO 8601, in UTC where a text has no offset. */
  public static final TimeNotation STANDARD =
      new TimeNotation(Map.of(), Locale.ROOT, ZoneOffset.UTC);

  private final Map<FieldType, String> patterns;
  private final Locale locale;
  private final ZoneId zone;
  private transient @Nullable Map<FieldType, DateTimeFormatter> formatters;

  /**
   * Times by patterns.
   *
   * @param patterns by type of time; a type without one is read as ISO 8601
   * @param locale of the names of months and days
   * @param zone of points in time without an offset
   * @throws IllegalArgumentException if a pattern is none; says why
   */
  public TimeNotation(Map<FieldType, String> patterns, Locale locale, ZoneId zone) {
    this.patterns = Map.copyOf(patterns);
    this.locale = locale;
    this.zone = zone;
    formatters();
  }

  /** The date of a text, or null if it is none. */
  @Nullable LocalDate ofDate(String text) {
    if (!patterns.containsKey(FieldType.DATE)) {
      return IsoTime.date(text);
    }
    TemporalAccessor parsed = parsed(text, FieldType.DATE);
    return parsed == null ? null : date(parsed);
  }

  /** The point in time of a text, or null if it is none. */
  @Nullable Instant ofTimestamp(String text) {
    if (!patterns.containsKey(FieldType.TIMESTAMP)) {
      return IsoTime.instant(text, zone);
    }
    TemporalAccessor parsed = parsed(text, FieldType.TIMESTAMP);
    LocalDateTime time = parsed == null ? null : dateTime(parsed);
    if (parsed == null || time == null) {
      return null;
    }
    ZoneId own = parsed.query(TemporalQueries.zone());
    return time.atZone(own == null ? zone : own).toInstant();
  }

  /** The date and time of a text, or null if it is none. */
  @Nullable LocalDateTime ofTimestampNtz(String text) {
    if (!patterns.containsKey(FieldType.TIMESTAMP_NTZ)) {
      return IsoTime.local(text);
    }
    TemporalAccessor parsed = parsed(text, FieldType.TIMESTAMP_NTZ);
    return parsed == null ? null : dateTime(parsed);
  }

  private @Nullable TemporalAccessor parsed(String text, FieldType type) {
    DateTimeFormatter formatter = formatters().get(type);
    try {
      return formatter == null ? null : formatter.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private Map<FieldType, DateTimeFormatter> formatters() {
    Map<FieldType, DateTimeFormatter> current = formatters;
    if (current == null) {
      current = new EnumMap<>(FieldType.class);
      for (Map.Entry<FieldType, String> pattern : patterns.entrySet()) {
        current.put(
            pattern.getKey(),
            new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(ofProlepticYears(pattern.getValue()))
                .toFormatter(locale)
                .withChronology(IsoChronology.INSTANCE)
                .withResolverStyle(ResolverStyle.STRICT));
      }
      formatters = current;
    }
    return current;
  }

  /** A pattern with u for y, whose years would need an era. */
  private static String ofProlepticYears(String pattern) {
    StringBuilder changed = new StringBuilder();
    boolean quoted = false;
    boolean era = false;
    for (int i = 0; i < pattern.length(); i++) {
      char sign = pattern.charAt(i);
      quoted ^= sign == '\'';
      era |= sign == 'G' && !quoted;
      changed.append(sign == 'y' && !quoted ? 'u' : sign);
    }
    return era ? pattern : changed.toString();
  }

  private static @Nullable LocalDate date(TemporalAccessor parsed) {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    try {
      LocalDate known =
          date != null
              ? date
              : LocalDate.of(
                  field(parsed, ChronoField.YEAR, 1970),
                  field(parsed, ChronoField.MONTH_OF_YEAR, 1),
                  field(parsed, ChronoField.DAY_OF_MONTH, 1));
      return known.getYear() < 1 || known.getYear() > LAST_YEAR ? null : known;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable LocalDateTime dateTime(TemporalAccessor parsed) {
    LocalDate date = date(parsed);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    if (date == null) {
      return null;
    }
    if (time == null) {
      time =
          LocalTime.of(
              field(
                  parsed,
                  ChronoField.HOUR_OF_DAY,
                  12 * field(parsed, ChronoField.AMPM_OF_DAY, 0)
                      + field(parsed, ChronoField.HOUR_OF_AMPM, 0)),
              field(parsed, ChronoField.MINUTE_OF_HOUR, 0),
              field(parsed, ChronoField.SECOND_OF_MINUTE, 0),
              field(parsed, ChronoField.NANO_OF_SECOND, 0));
    }
    return date.atTime(time.truncatedTo(ChronoUnit.MICROS));
  }

  private static int field(TemporalAccessor parsed, ChronoField field, int otherwise) {
    return parsed.isSupported(field) ? parsed.get(field) : otherwise;
  }
}
