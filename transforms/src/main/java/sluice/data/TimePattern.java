package sluice.data;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which patterns of dates and times are read: those whose letters tell a date from the year on, and
 * a time from the hour on, without a gap. What others leave open would be filled by a value that no
 * text has.
 */
final class TimePattern {
  /** What Spark does not read either, and why. */
  private static final Map<Character, String> REFUSED =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry('Y', "the year of a week; the year of a date is y"),
              Map.entry('W', "a week of the month"),
              Map.entry('w', "a week of the year"),
              Map.entry('e', "a day of the week by its number"),
              Map.entry('c', "a day of the week by its number"),
              Map.entry('F', "a week of the month"),
              Map.entry('q', "a quarter of the year"),
              Map.entry('Q', "a quarter of the year"),
              Map.entry('A', "milliseconds of the day; the hour is H"),
              Map.entry('B', "a part of the day in words; AM or PM is a"),
              Map.entry('n', "nanoseconds; a fraction of a second is S"),
              Map.entry('N', "nanoseconds of the day; the hour is H"),
              Map.entry('p', "padding")));

  private final Set<Character> letters = new HashSet<>();

  private TimePattern(String pattern) {
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char sign = pattern.charAt(i);
      quoted ^= sign == '\'';
      if (!quoted && Character.isLetter(sign)) {
        letters.add(sign);
      }
    }
  }

  /**
   * Why a pattern is not read; empty if it is.
   *
   * @param pattern of {@link java.time.format.DateTimeFormatter}
   * @param type of the values
   */
  static Optional<String> problem(String pattern, FieldType type) {
    TimePattern read = new TimePattern(pattern);
    return read.refused().or(read::gapOfTime).or(() -> read.gapOfDate(type));
  }

  private Optional<String> refused() {
    return REFUSED.entrySet().stream()
        .filter(letter -> has(letter.getKey()))
        .map(letter -> "%s is %s".formatted(letter.getKey(), letter.getValue()))
        .findFirst();
  }

  private Optional<String> gapOfTime() {
    boolean ofDay = has('H') || has('k');
    boolean ofHalf = has('h') || has('K');
    if (ofHalf && !has('a')) {
      return Optional.of(
          "h and K, hours of half a day, need a (AM or PM); the hour of the day is H");
    }
    if (has('a') && !ofHalf && !ofDay) {
      return Optional.of("a (AM or PM) needs an hour, h");
    }
    if (has('m') && !ofHalf && !ofDay) {
      return Optional.of("m is minutes and needs an hour, H; the month is M");
    }
    if (has('s') && !has('m')) {
      return Optional.of("s is seconds and needs minutes, m");
    }
    if (has('S') && !has('s')) {
      return Optional.of("S is a fraction of a second and needs seconds, s");
    }
    return Optional.empty();
  }

  private Optional<String> gapOfDate(FieldType type) {
    boolean year = has('y') || has('u');
    boolean month = has('M') || has('L');
    boolean whole = has('g') || (year && (has('D') || (month && has('d'))));
    if (has('d') && !month && !whole) {
      return Optional.of("d is the day of the month and needs a month, M");
    }
    if (month && !year) {
      return Optional.of("M is the month and needs a year, y");
    }
    if (has('D') && !year) {
      return Optional.of("D is the day of the year and needs a year, y");
    }
    if (has('G') && !year) {
      return Optional.of("G is the era and needs a year, y");
    }
    if (has('E') && !whole) {
      return Optional.of("E is the day of the week and needs a date beside it: y, M and d");
    }
    if (type == FieldType.DATE && !year && !whole) {
      return Optional.of("a date needs a year, y");
    }
    if (year && !whole && (has('H') || has('k') || has('h') || has('K'))) {
      return Optional.of("a time of day beside a year needs the date's month and day: M and d");
    }
    return Optional.empty();
  }

  private boolean has(char letter) {
    return letters.contains(letter);
  }
}
