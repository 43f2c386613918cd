package sluice.normalise;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.Locale;

/** A number in a point in time. */
public enum DatePart {
  /** The year of the proleptic Gregorian calendar. */
  YEAR(ChronoField.YEAR, "year(%s)", 0, 0),
  /** 1 to 4. */
  QUARTER(IsoFields.QUARTER_OF_YEAR, "quarter(%s)", 1, 4),
  /** 1 to 12. */
  MONTH(ChronoField.MONTH_OF_YEAR, "month(%s)", 1, 12),
  /** The day of the month, 1 to 31. */
  DAY(ChronoField.DAY_OF_MONTH, "day(%s)", 1, 31),
  /** Monday is 1, Sunday 7. */
  WEEKDAY(ChronoField.DAY_OF_WEEK, "weekday(%s) + 1", 1, 7),
  /** 1 to 366. */
  DAY_OF_YEAR(ChronoField.DAY_OF_YEAR, "dayofyear(%s)", 1, 366),
  /** 0 to 23; 0 in a date. */
  HOUR(ChronoField.HOUR_OF_DAY, "hour(%s)", 0, 24),
  /** 0 to 59; 0 in a date. */
  MINUTE(ChronoField.MINUTE_OF_HOUR, "minute(%s)", 0, 60),
  /** 0 to 59, without a fraction; 0 in a date. */
  SECOND(ChronoField.SECOND_OF_MINUTE, "second(%s)", 0, 60);

  private final TemporalField field;
  private final String sql;
  private final int first;
  private final int period;

  DatePart(TemporalField field, String sql, int first, int period) {
    this.field = field;
    this.sql = sql;
    this.first = first;
    this.period = period;
  }

  /** The part's name in a configuration, as in {@code day-of-year}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the part comes round again. */
  boolean cyclic() {
    return period > 0;
  }

  int of(LocalDateTime time) {
    return time.get(field);
  }

  /** The part of a time in Spark SQL. */
  String sql(String time) {
    return sql.formatted(time);
  }

  /** The least value. */
  int first() {
    return first;
  }

  /** How many values there are. */
  int period() {
    return period;
  }

  /** The angle of a value on the circle that the part goes round, in radians. */
  double angle(int value) {
    return 2 * Math.PI * (value - first) / period;
  }
}
