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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How dates and times are written: as in {@link IsoTime}, or by patterns of {@link
 * DateTimeFormatter}, which a text must fit from its first to its last character. Where a text has
 * no time of day it is the day's start. A year alone is its first day, a year and a month is the
 * first day of that, and a time alone is one of 1970-01-01, as for Spark; a pattern that leaves
 * open anything else is refused, and where optional parts of a pattern do so, the text is no date
 * or time.
 */
public final class TimeNotation implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a text may tell of a time of day without telling the time. */
  private static final List<ChronoField> TIMES =
      List.of(
          ChronoField.HOUR_OF_AMPM,
          ChronoField.CLOCK_HOUR_OF_AMPM,
          ChronoField.AMPM_OF_DAY,
          ChronoField.MINUTE_OF_HOUR,
          ChronoField.SECOND_OF_MINUTE,
          ChronoField.NANO_OF_SECOND);

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
   * @throws IllegalArgumentException if a pattern is none, or leaves a date or time open; says why
   */
  public TimeNotation(Map<FieldType, String> patterns, Locale locale, ZoneId zone) {
    this.patterns = Map.copyOf(patterns);
    this.locale = locale;
    this.zone = zone;
    formatters();
    patterns.forEach(
        (type, pattern) ->
            TimePattern.problem(pattern, type)
                .ifPresent(
                    problem -> {
                      throw new IllegalArgumentException(problem);
                    }));
  }

  /** The date of a text, or null if it is none. */
  @Nullable LocalDate ofDate(String text) {
    if (!patterns.containsKey(FieldType.DATE)) {
      return IsoTime.date(text);
    }
    TemporalAccessor parsed = parsed(text, FieldType.DATE);
    return parsed == null || !parsed.isSupported(ChronoField.YEAR) ? null : date(parsed);
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
    ZoneId of = own == null ? zone : own;
    return parsed.query(TemporalQueries.localTime()) == null
        ? IsoTime.startOfDay(time.toLocalDate(), of)
        : IsoTime.instant(time, of);
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
      if (date == null) {
        boolean year = parsed.isSupported(ChronoField.YEAR);
        boolean month = parsed.isSupported(ChronoField.MONTH_OF_YEAR);
        boolean day = parsed.isSupported(ChronoField.DAY_OF_MONTH);
        if (day || parsed.isSupported(ChronoField.DAY_OF_YEAR) || (month && !year)) {
          return null;
        }
        date =
            LocalDate.of(
                year ? parsed.get(ChronoField.YEAR) : 1970,
                month ? parsed.get(ChronoField.MONTH_OF_YEAR) : 1,
                1);
      }
      return TimeRange.hasYear(date.getYear()) ? date : null;
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
      // Minutes without an hour, or an hour of half a day without the half.
      return TIMES.stream().anyMatch(parsed::isSupported) ? null : date.atStartOfDay();
    }
    boolean whole = parsed.query(TemporalQueries.localDate()) != null;
    return whole || !parsed.isSupported(ChronoField.YEAR)
        ? date.atTime(time.truncatedTo(ChronoUnit.MICROS))
        : null;
  }
}
