package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ValueParserTest {
  private static final LocalDate DAY = LocalDate.of(2021, 6, 18);
  private static final Instant TEN = Instant.parse("2021-06-18T10:00:00Z");

  static Stream<Arguments> texts() {
    return Stream.of(
        // Dates that are none, or more than one.
        of("2021-06-18", FieldType.DATE, DAY),
        of(" 2021-06-18\t", FieldType.DATE, DAY),
        of("2024-02-29", FieldType.DATE, LocalDate.of(2024, 2, 29)),
        of("2021-02-30", FieldType.DATE, null),
        of("2023-02-29", FieldType.DATE, null),
        of("2021-13-01", FieldType.DATE, null),
        of("2021-00-10", FieldType.DATE, null),
        of("0000-00-00", FieldType.DATE, null),
        of("0000-01-01", FieldType.DATE, null),
        of("0001-01-01", FieldType.DATE, LocalDate.of(1, 1, 1)),
        of("9999-12-31", FieldType.DATE, LocalDate.of(9999, 12, 31)),
        of("+10000-01-01", FieldType.DATE, null),
        of("-0044-03-15", FieldType.DATE, null),
        of("2021-6-8", FieldType.DATE, null),
        of("2021", FieldType.DATE, null),
        of("2020011", FieldType.DATE, null),
        of("20210618", FieldType.DATE, null),
        of("today", FieldType.DATE, null),
        of("epoch", FieldType.DATE, null),
        of("18796", FieldType.DATE, null),
        of("2021-06-18 junk", FieldType.DATE, null),
        of("2021-06-18junk", FieldType.DATE, null),
        of("2021-06-18T", FieldType.DATE, null),
        of("2021-06-18 00:00:00", FieldType.DATE, null),
        of("2021/06/18", FieldType.DATE, null),
        of("\u06f2\u06f0\u06f2\u06f1-06-18", FieldType.DATE, null),
        of("", FieldType.DATE, null),
        // Points in time.
        of("2021-06-18 10:00:00", FieldType.TIMESTAMP, TEN),
        of("2021-06-18T10:00", FieldType.TIMESTAMP, TEN),
        of("2021-06-18", FieldType.TIMESTAMP, Instant.parse("2021-06-18T00:00:00Z")),
        of("2021-06-18T10:00:00.5Z", FieldType.TIMESTAMP, TEN.plusMillis(500)),
        of("2021-06-18 10:00:00.123456789", FieldType.TIMESTAMP, TEN.plusNanos(123_456_000)),
        of("2021-06-18T12:00:00+02:00", FieldType.TIMESTAMP, TEN),
        of("2021-06-18T12:00:00+0200", FieldType.TIMESTAMP, TEN),
        of("2021-06-18 12:00:00 +02", FieldType.TIMESTAMP, TEN),
        of("2021-06-18 10:00:00 UTC", FieldType.TIMESTAMP, TEN),
        of("10:00:00", FieldType.TIMESTAMP, null),
        of("T10:00:00", FieldType.TIMESTAMP, null),
        of("10:00", FieldType.TIMESTAMP, null),
        of("now", FieldType.TIMESTAMP, null),
        of("2021-06-18 25:00:00", FieldType.TIMESTAMP, null),
        of("2021-06-18 24:00:00", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:60:00", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:60", FieldType.TIMESTAMP, null),
        of("2021-06-18 10", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00.", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00.1234567890", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00 junk", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00+19:00", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00 Europe/Paris", FieldType.TIMESTAMP, null),
        of("2021-06-18Z", FieldType.TIMESTAMP, null),
        of("2021-02-30 10:00:00", FieldType.TIMESTAMP, null),
        of("1623974400", FieldType.TIMESTAMP, null),
        of("2021-06-18 10:00:00", FieldType.TIMESTAMP_NTZ, LocalDateTime.of(2021, 6, 18, 10, 0)),
        of("2021-06-18 10:00:00Z", FieldType.TIMESTAMP_NTZ, null),
        // Numbers.
        of("1e308", FieldType.DOUBLE, 1e308),
        of("1e400", FieldType.DOUBLE, null),
        of("-1e400", FieldType.DOUBLE, null),
        of("1e-400", FieldType.DOUBLE, 0.0),
        of("-0", FieldType.DOUBLE, -0.0),
        of("1e39", FieldType.FLOAT, null),
        of("3.4028235e38", FieldType.FLOAT, Float.MAX_VALUE),
        of("0.1", FieldType.FLOAT, 0.1f),
        of("0x1p3", FieldType.DOUBLE, null),
        of("1d", FieldType.DOUBLE, null),
        of("1f", FieldType.DOUBLE, null),
        of("1D", FieldType.FLOAT, null),
        of("1_000", FieldType.DOUBLE, null),
        of("1,5", FieldType.DOUBLE, null),
        of("1.2.3", FieldType.DOUBLE, null),
        of("1e", FieldType.DOUBLE, null),
        of("e5", FieldType.DOUBLE, null),
        of(".", FieldType.DOUBLE, null),
        of("-", FieldType.DOUBLE, null),
        of("", FieldType.DOUBLE, null),
        of(" .5 ", FieldType.DOUBLE, 0.5),
        of("5.", FieldType.DOUBLE, 5.0),
        of("\u0661", FieldType.DOUBLE, null),
        of("NaN", FieldType.DOUBLE, Double.NaN),
        of("inf", FieldType.DOUBLE, Double.POSITIVE_INFINITY),
        of("-Infinity", FieldType.FLOAT, Float.NEGATIVE_INFINITY),
        of("infinite", FieldType.DOUBLE, null),
        of("3.0", FieldType.INT, 3),
        of("3e2", FieldType.INT, 300),
        of("+7", FieldType.INT, 7),
        of("007", FieldType.INT, 7),
        of("3.5", FieldType.INT, null),
        of("1e-1", FieldType.INT, null),
        of("1e999999999", FieldType.LONG, null),
        of("1e9999999999", FieldType.LONG, null),
        of("128", FieldType.BYTE, null),
        of("-128", FieldType.BYTE, (byte) -128),
        of("32768", FieldType.SHORT, null),
        of("2147483648", FieldType.INT, null),
        of("9223372036854775807", FieldType.LONG, Long.MAX_VALUE),
        of("9223372036854775808", FieldType.LONG, null),
        of("00000000000000000000000001", FieldType.LONG, 1L),
        of("1L", FieldType.LONG, null),
        of("NaN", FieldType.INT, null),
        // Booleans and text.
        of("TRUE", FieldType.BOOLEAN, true),
        of("n", FieldType.BOOLEAN, false),
        of("2", FieldType.BOOLEAN, null),
        of("", FieldType.BOOLEAN, null),
        of(" a ", FieldType.STRING, " a "),
        of("a", FieldType.BINARY, null));
  }

  private static Arguments of(String text, FieldType type, @Nullable Object value) {
    return Arguments.of(text, type, value);
  }

  @ParameterizedTest(name = "\"{0}\" as {1} is {2}")
  @MethodSource("texts")
  void textIsOneValueOrNone(String text, FieldType type, @Nullable Object value) {
    assertThat(ValueParser.STANDARD.parse(text, type)).isEqualTo(value);
  }

  @Test
  void theMachineHasNoSay() {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      for (Arguments row : texts().toList()) {
        String text = (String) row.get()[0];
        assertThat(ValueParser.STANDARD.parse(text, (FieldType) row.get()[1]))
            .as(text)
            .isEqualTo(row.get()[2]);
      }
      assertThat(ValueParser.STANDARD.parse("INFINITY", FieldType.DOUBLE))
          .isEqualTo(Double.POSITIVE_INFINITY);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  static Stream<Arguments> patterns() {
    FieldType date = FieldType.DATE;
    FieldType time = FieldType.TIMESTAMP;
    return Stream.of(
        Arguments.of(date, "yyyy-MM-dd", "2021-06-18", DAY),
        Arguments.of(date, "yyyy-MM-dd", "2021-6-18", null),
        Arguments.of(date, "yyyy-MM-dd", "2021-06-18 junk", null),
        Arguments.of(date, "yyyy-MM-dd", "2021-02-30", null),
        Arguments.of(date, "yyyy-M-d", "2021-6-18", DAY),
        Arguments.of(date, "yyyyMMdd", "20210618", DAY),
        Arguments.of(date, "yyyyMMdd", "2021061", null),
        Arguments.of(date, "yyyyMMdd", "2021-06-18", null),
        Arguments.of(date, "dd/MM/yyyy", "18/06/2021", DAY),
        Arguments.of(date, "dd/MM/yyyy", "31/06/2021", null),
        Arguments.of(date, "d MMM yyyy", "18 jun 2021", DAY),
        Arguments.of(date, "dd.MM.yy", "18.06.21", DAY),
        Arguments.of(date, "yyyy-DDD", "2021-169", DAY),
        Arguments.of(date, "yyyy-MM", "2021-06", LocalDate.of(2021, 6, 1)),
        Arguments.of(date, "yyyy-MM-dd HH:mm:ss", "2021-06-18 00:00:00", DAY),
        Arguments.of(date, "yyyy'y'MM", "2021y06", LocalDate.of(2021, 6, 1)),
        Arguments.of(date, "yyyy-MM-dd", "0000-01-01", null),
        Arguments.of(time, "yyyy-MM-dd HH:mm", "2021-06-18 10:00", TEN),
        Arguments.of(time, "yyyy-MM-dd HH:mm", "2021-06-18 10:00:00", null),
        Arguments.of(time, "yyyy-MM-dd hh:mm a", "2021-06-18 10:00 AM", TEN),
        Arguments.of(time, "yyyy-MM-dd HH:mm[:ss]", "2021-06-18 10:00:00", TEN),
        Arguments.of(time, "yyyy-MM-dd'T'HH:mm:ssXXX", "2021-06-18T12:00:00+02:00", TEN),
        Arguments.of(time, "yyyy-MM-dd'T'HH:mm:ss[.SSS]XXX", "2021-06-18T10:00:00.000Z", TEN),
        Arguments.of(time, "HH:mm", "10:00", Instant.parse("1970-01-01T10:00:00Z")),
        Arguments.of(date, "yyyy", "2021", LocalDate.of(2021, 1, 1)),
        Arguments.of(date, "EEE, d MMM yyyy", "Fri, 18 Jun 2021", DAY),
        Arguments.of(date, "EEE, d MMM yyyy", "Mon, 18 Jun 2021", null),
        Arguments.of(date, "yyyy'Q'MMdd", "2021Q0618", DAY),
        // What optional parts leave open makes the text no date.
        Arguments.of(date, "yyyy[-MM[-dd]]", "2021-06", LocalDate.of(2021, 6, 1)),
        Arguments.of(date, "[yyyy-]MM-dd", "2021-06-18", DAY),
        Arguments.of(date, "[yyyy-]MM-dd", "06-18", null),
        Arguments.of(date, "[yyyy-MM-]dd", "18", null),
        Arguments.of(date, "[yyyy]", "", null),
        Arguments.of(time, "yyyy[-MM-dd] HH:mm", "2021 10:00", null),
        Arguments.of(time, "yyyy-MM-dd [HH:]mm", "2021-06-18 10", null),
        Arguments.of(time, "yyyy-MM-dd hh:mm[ a]", "2021-06-18 10:00", null));
  }

  @ParameterizedTest(name = "{2} by {1} is {3}")
  @MethodSource("patterns")
  void aPatternIsFittedFromEndToEnd(
      FieldType type, String pattern, String text, @Nullable Object value) {
    TimeNotation times = new TimeNotation(Map.of(type, pattern), Locale.US, ZoneOffset.UTC);
    assertThat(new ValueParser(NumberNotation.STANDARD, times).parse(text, type)).isEqualTo(value);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "DATE | YYYY-MM-dd | Y is the year of a week; the year of a date is y",
        "DATE | yyyy-Q | Q is a quarter of the year",
        "DATE | yyyy-q | q is a quarter of the year",
        "DATE | yyyy-mm-dd | m is minutes and needs an hour, H; the month is M",
        "DATE | yyyy-ww | w is a week of the year",
        "DATE | yyyy-MM-W | W is a week of the month",
        "DATE | yyyy-MM-dd e | e is a day of the week by its number",
        "DATE | yyyy-MM-dd c | c is a day of the week by its number",
        "DATE | yyyy-MM-F | F is a week of the month",
        "DATE | E | E is the day of the week and needs a date beside it: y, M and d",
        "DATE | yyyy-MM E | E is the day of the week and needs a date beside it: y, M and d",
        "DATE | dd | d is the day of the month and needs a month, M",
        "DATE | yyyy dd | d is the day of the month and needs a month, M",
        "DATE | MM-dd | M is the month and needs a year, y",
        "DATE | DDD | D is the day of the year and needs a year, y",
        "DATE | HH:mm | a date needs a year, y",
        "TIMESTAMP | MM-dd HH:mm | M is the month and needs a year, y",
        "TIMESTAMP | yyyy HH:mm | a time of day beside a year needs the date's month and day: M and d",
        "TIMESTAMP | yyyy-MM-dd hh:mm | h and K, hours of half a day, need a (AM or PM); the hour of the day is H",
        "TIMESTAMP | yyyy-MM-dd a | a (AM or PM) needs an hour, h",
        "TIMESTAMP | yyyy-MM-dd HH:ss | s is seconds and needs minutes, m",
        "TIMESTAMP | yyyy-MM-dd HH:mm.SSS | S is a fraction of a second and needs seconds, s",
        "TIMESTAMP | yyyy-MM-dd A | A is milliseconds of the day; the hour is H",
        "TIMESTAMP | yyyy-MM-dd h B | B is a part of the day in words; AM or PM is a",
        "TIMESTAMP_NTZ | yyyy-MM-dd N | N is nanoseconds of the day; the hour is H",
        "TIMESTAMP_NTZ | yyyy-MM-dd HH:mm:ss.n | n is nanoseconds; a fraction of a second is S",
        "TIMESTAMP_NTZ | yyyy-MM-ppd | p is padding"
      })
  void aPatternThatLeavesADateOpenIsRefused(FieldType type, String pattern, String reason) {
    assertThatThrownBy(() -> new TimeNotation(Map.of(type, pattern), Locale.ROOT, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(reason);
  }

  @Test
  void whatATextIsInANotationAndThatItStaysTheSameInJson() {
    ValueNotation notation =
        new ValueNotation(
            new ValueNotation.Texts("NA", "", true, true),
            new ValueNotation.Words("?", "max", "min"),
            new ValueNotation.Times("dd/MM/yyyy", null, null, "de", "Europe/Paris"));
    ValueNotation read = Json.read(Json.write(notation), ValueNotation.class, "notation.json");
    assertThat(read).isEqualTo(notation);
    ValueParser parser = read.parser();
    assertThat(parser.parse("18/06/2021", FieldType.DATE)).isEqualTo(DAY);
    assertThat(parser.parse("2021-06-18 12:00", FieldType.TIMESTAMP)).isEqualTo(TEN);
    assertThat(parser.parse("?", FieldType.DOUBLE)).isEqualTo(Double.NaN);
    assertThat(read.present("NA", FieldType.STRING)).isNull();
    assertThat(read.present(" NA ", FieldType.INT)).isNull();
    assertThat(read.present(" a ", FieldType.STRING)).isEqualTo("a");
    assertThat(read.present("", FieldType.STRING)).isNull();
    assertThat(ValueNotation.STANDARD.present("", FieldType.STRING)).isEmpty();
    assertThat(ValueNotation.STANDARD.present("", FieldType.INT)).isNull();
    assertThat(ValueNotation.STANDARD.present(" ", FieldType.STRING)).isEqualTo(" ");
    ValueNotation empty =
        new ValueNotation(
            new ValueNotation.Texts("", "none", false, false), notation.words(), notation.times());
    assertThat(empty.present("", FieldType.STRING)).isEqualTo("none");
    assertThatThrownBy(
            () ->
                Json.read(
                    Json.write(notation).replace("dd/MM/yyyy", "dd/mm/yyyy"),
                    ValueNotation.class,
                    "notation.json"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "notation.json: not readable: times: m is minutes and needs an hour, H; the month is M");
  }

  @Test
  void aWordStandsForOneNumber() {
    for (List<String> words :
        List.of(List.of("x", "x", "y"), List.of("x", "y", "x"), List.of("y", "x", "x"))) {
      assertThatThrownBy(
              () ->
                  new ValueNotation(
                      ValueNotation.STANDARD.texts(),
                      new ValueNotation.Words(words.get(0), words.get(1), words.get(2)),
                      ValueNotation.STANDARD.times()))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "the words for no number, infinity and negative infinity must differ, got %s, %s and %s",
              words.toArray());
    }
  }

  @Test
  void aZoneIsThatOfTextWithoutOne() {
    TimeNotation times = new TimeNotation(Map.of(), Locale.US, ZoneId.of("Europe/Paris"));
    ValueParser parser = new ValueParser(NumberNotation.STANDARD, times);
    assertThat(parser.parse("2021-06-18 12:00", FieldType.TIMESTAMP)).isEqualTo(TEN);
    assertThat(parser.parse("2021-06-18 10:00Z", FieldType.TIMESTAMP)).isEqualTo(TEN);
  }

  /** A pattern reads the text with a blank for the T. */
  @ParameterizedTest(name = "{1} in {0}")
  @CsvSource(
      nullValues = "-",
      value = {
        "Europe/Berlin, 2024-03-31T01:59:59, 2024-03-31T00:59:59Z",
        "Europe/Berlin, 2024-03-31T02:00:00, -",
        "Europe/Berlin, 2024-03-31T02:30:00, -",
        "Europe/Berlin, 2024-03-31T03:00:00, 2024-03-31T01:00:00Z",
        "Europe/Berlin, 2024-10-27T02:30:00, 2024-10-27T00:30:00Z",
        "Europe/Berlin, 0001-01-01T00:00:00, -",
        "America/New_York, 2024-03-10T02:30:00, -",
        "America/New_York, 9999-12-31T23:00:00, -",
        "America/Sao_Paulo, 2018-11-04T00:00:00, -",
        "America/Sao_Paulo, 2018-11-04, 2018-11-04T03:00:00Z",
        "UTC, 2024-03-31T02:30:00, 2024-03-31T02:30:00Z",
        "UTC, 9999-12-31T23:59:59-12:00, -",
        "UTC, 9999-12-31T23:59:59+12:00, 9999-12-31T11:59:59Z",
        "UTC, 0001-01-01T00:00:00+14:00, -",
        "UTC, 0001-01-01T00:00:00-14:00, 0001-01-01T14:00:00Z"
      })
  void aTimeThatDoesNotExistIsNone(String zone, String text, @Nullable Instant value) {
    for (Map<FieldType, String> patterns :
        List.of(
            Map.<FieldType, String>of(),
            Map.of(FieldType.TIMESTAMP, "yyyy-MM-dd[ HH:mm:ss][XXX]"))) {
      TimeNotation times = new TimeNotation(patterns, Locale.US, ZoneId.of(zone));
      assertThat(
              new ValueParser(NumberNotation.STANDARD, times)
                  .parse(patterns.isEmpty() ? text : text.replace('T', ' '), FieldType.TIMESTAMP))
          .isEqualTo(value);
    }
  }

  static Stream<Arguments> numbers() {
    return Stream.of(
        Arguments.of(',', null, "1,5", 1.5),
        Arguments.of(',', null, "-1,5e3", -1500.0),
        Arguments.of(',', null, "1.5", null),
        Arguments.of(',', null, "1.234,5", null),
        Arguments.of(',', null, "1,2,3", null),
        Arguments.of(',', null, "1,5.0", null),
        Arguments.of(',', null, "NaN", Double.NaN),
        Arguments.of(',', '.', "1.234.567,89", 1234567.89),
        Arguments.of(',', '.', "1.234", 1234.0),
        Arguments.of(',', '.', "1234,5", 1234.5),
        Arguments.of(',', '.', "1.5", null),
        Arguments.of(',', '.', "12.34.567", null),
        Arguments.of(',', '.', "1234.567", null),
        Arguments.of(',', '.', ".234,5", null),
        Arguments.of(',', '.', "1.234.", null),
        Arguments.of(',', '.', "1,234.567", null),
        Arguments.of(',', ' ', "-1\u202f234\u00a0567,5", -1234567.5),
        Arguments.of('.', ',', "1,234,567.89", 1234567.89),
        Arguments.of('.', ',', "1,234567", null),
        Arguments.of('.', '\'', "1\u2019234.5", 1234.5));
  }

  @ParameterizedTest(name = "{2} with {0} and {1} is {3}")
  @MethodSource("numbers")
  void numbersHaveTheirSigns(
      char decimal, @Nullable Character thousands, String text, @Nullable Double value) {
    NumberNotation numbers = new NumberNotation(decimal, thousands, Map.of());
    assertThat(new ValueParser(numbers, TimeNotation.STANDARD).parse(text, FieldType.DOUBLE))
        .isEqualTo(value);
  }

  @Test
  void signsThatStandInNumbersAreNone() {
    assertThatThrownBy(() -> new NumberNotation('5', '-', Map.of()))
        .hasMessage(
            "decimal must be a sign that stands in no number, got \"5\"\n"
                + "thousands must be a sign that stands in no number and is not decimal, got \"-\"");
    assertThatThrownBy(() -> new NumberNotation(',', ',', Map.of()))
        .hasMessage(
            "thousands must be a sign that stands in no number and is not decimal, got \",\"");
  }
}
