package sluice.data;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times of ISO 8601 in the extended format: {@code 2024-02-29}, and after a T or a space
 * {@code 12:30}, {@code 12:30:15} or {@code 12:30:15.123456}, and after that, or a space more, Z,
 * UTC, GMT or an offset as in {@code +02:00}, {@code +0200} or {@code +02}. Years go from 0001 to
 * 9999, in UTC too; digits behind microseconds are cut off. A time that clocks skip in its zone is
 * none.
 */
final class IsoTime {
  private static final int DATE_LENGTH = 10;
  private static final int NANOS_A_MICRO = 1000;
  private static final int FRACTION_DIGITS = 9;

  private final String text;
  private int at;

  private IsoTime(String text) {
    this.text = text;
  }

  /** A date and nothing else, or null. */
  static @Nullable LocalDate date(String text) {
    return text.length() == DATE_LENGTH ? new IsoTime(text).readDate() : null;
  }

  /** A date, at its start, or a date and time without an offset, or null. */
  static @Nullable LocalDateTime local(String text) {
    IsoTime in = new IsoTime(text);
    LocalDateTime time = in.readDateTime();
    return in.at == text.length() ? time : null;
  }

  /**
   * A point in time, or null.
   *
   * @param zone of a text without an offset
   */
  static @Nullable Instant instant(String text, ZoneId zone) {
    IsoTime in = new IsoTime(text);
    LocalDateTime time = in.readDateTime();
    if (time == null) {
      return null;
    }
    if (in.at == text.length()) {
      return in.at == DATE_LENGTH ? startOfDay(time.toLocalDate(), zone) : instant(time, zone);
    }
    ZoneOffset offset = in.readOffset();
    return offset == null ? null : instant(time, offset);
  }

  /**
   * The point in time of a date and time, or null if clocks skip it or its year is out of range.
   */
  static @Nullable Instant instant(LocalDateTime time, ZoneId zone) {
    ZonedDateTime there = time.atZone(zone);
    return there.toLocalDateTime().equals(time) ? inRange(there.toInstant()) : null;
  }

  /** The first point in time of a day, or null if its year is out of range. */
  static @Nullable Instant startOfDay(LocalDate day, ZoneId zone) {
    return inRange(day.atStartOfDay(zone).toInstant());
  }

  private static @Nullable Instant inRange(Instant time) {
    return TimeRange.hasYear(time.atOffset(ZoneOffset.UTC).getYear()) ? time : null;
  }

  private @Nullable LocalDate readDate() {
    int year = number(0, 4);
    int month = number(5, 2);
    int day = number(8, 2);
    if (!TimeRange.hasYear(year)
        || text.charAt(4) != '-'
        || month < 1
        || month > 12
        || text.charAt(7) != '-'
        || day < 1
        || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())) {
      return null;
    }
    at = DATE_LENGTH;
    return LocalDate.of(year, month, day);
  }

  private @Nullable LocalDateTime readDateTime() {
    LocalDate date = text.length() < DATE_LENGTH ? null : readDate();
    if (date == null || at == text.length()) {
      return date == null ? null : date.atStartOfDay();
    }
    char between = text.charAt(at);
    int hour = number(at + 1, 2);
    int minute = follows(at + 3, ':') ? number(at + 4, 2) : -1;
    if (" Tt".indexOf(between) < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return null;
    }
    at += 6;
    int second = 0;
    int nano = 0;
    if (follows(at, ':')) {
      second = number(at + 1, 2);
      if (second < 0 || second > 59) {
        return null;
      }
      at += 3;
      if (follows(at, '.')) {
        int digits = 0;
        for (; digits <= FRACTION_DIGITS && number(at + 1 + digits, 1) >= 0; digits++) {
          nano = digits < FRACTION_DIGITS ? nano * 10 + number(at + 1 + digits, 1) : nano;
        }
        if (digits == 0 || digits > FRACTION_DIGITS) {
          return null;
        }
        at += 1 + digits;
        for (; digits < FRACTION_DIGITS; digits++) {
          nano *= 10;
        }
      }
    }
    return date.atTime(LocalTime.of(hour, minute, second, nano - nano % NANOS_A_MICRO));
  }

  private @Nullable ZoneOffset readOffset() {
    String offset = text.substring(follows(at, ' ') ? at + 1 : at);
    boolean utc =
        offset.equalsIgnoreCase("Z")
            || offset.equalsIgnoreCase("UTC")
            || offset.equalsIgnoreCase("GMT");
    if (utc) {
      return ZoneOffset.UTC;
    }
    if (!offset.matches("[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?")) {
      return null;
    }
    try {
      return ZoneOffset.of(offset);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private boolean follows(int place, char sign) {
    return place < text.length() && text.charAt(place) == sign;
  }

  /** The number that these digits are, or -1 if they are not that many digits. */
  private int number(int from, int digits) {
    if (from + digits > text.length()) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
