package sluice.data;

import java.time.LocalDate;

/** The times that a value can be: the years that ISO 8601 writes with four digits, 0001 to 9999. */
public final class TimeRange {
  /** The first day. */
  public static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);

  /** The day after the last. */
  public static final LocalDate END = LocalDate.of(10_000, 1, 1);

  private TimeRange() {}

  /** Whether a year is one of these. */
  static boolean hasYear(int year) {
    return year >= FIRST_DAY.getYear() && year < END.getYear();
  }
}
