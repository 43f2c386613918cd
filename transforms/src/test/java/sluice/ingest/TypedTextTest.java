package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

/** What comes of the text in files: values, or a quarantined record with its line and reason. */
class TypedTextTest {
  private static final String ESCAPE = " (RFC 4180; options.escape = \"\\\\\" allows it)";
  private static final LocalDate DAY = LocalDate.of(2021, 6, 18);
  private static final Instant TEN = Instant.parse("2021-06-18T10:00:00Z");

  @TempDir Path dir = Path.of("");

  /**
   * A file and what is read of it.
   *
   * @param options names and values in turn
   * @param rows what is read
   * @param quarantined position and reason of what is not
   */
  private record Case(
      String what,
      String format,
      List<String> options,
      String schema,
      String text,
      List<Row> rows,
      List<Row> quarantined) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "CSV: dates and times that are none",
            "csv",
            List.of(),
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ",
            """
            1,2021-06-18,2021-06-18 10:00:00,2021-06-18 10:00:00
            2,2021-02-30,,
            3,2021-13-01,,
            4,0000-00-00,,
            5,,2021-06-18 25:00:00,
            6,,10:00:00,
            7,,T10:00,
            8,,now,10:00:00
            9,2021-06-18 junk,,
            10,2021-06-18junk,,
            11,2021-06-18 00:00:00,,
            12,,2021-06-18T12:00:00+02:00,
            13,2020011,,
            14,,,2021-06-18 10:00:00+02:00
            15,,2021-06-18,2021-06-18
            """,
            List.of(
                row(1, DAY, TEN, LocalDateTime.of(2021, 6, 18, 10, 0)),
                row(12, null, TEN, null),
                row(15, null, TEN.minusSeconds(36_000), DAY.atStartOfDay())),
            List.of(
                row(2L, "d: \"2021-02-30\" is no date"),
                row(3L, "d: \"2021-13-01\" is no date"),
                row(4L, "d: \"0000-00-00\" is no date"),
                row(5L, "t: \"2021-06-18 25:00:00\" is no timestamp"),
                row(6L, "t: \"10:00:00\" is no timestamp"),
                row(7L, "t: \"T10:00\" is no timestamp"),
                row(8L, "t: \"now\" is no timestamp; n: \"10:00:00\" is no timestamp_ntz"),
                row(9L, "d: \"2021-06-18 junk\" is no date"),
                row(10L, "d: \"2021-06-18junk\" is no date"),
                row(11L, "d: \"2021-06-18 00:00:00\" is no date"),
                row(13L, "d: \"2020011\" is no date"),
                row(14L, "n: \"2021-06-18 10:00:00+02:00\" is no timestamp_ntz"))),
        new Case(
            "CSV: dates and times by patterns",
            "csv",
            List.of(
                "dateFormat", "yyyy-MM-dd",
                "timestampFormat", "dd/MM/yyyy HH:mm",
                "TIMESTAMPNTZFORMAT", "yyyyMMddHHmmss",
                "timeZone", "Europe/Paris"),
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ",
            """
            1,2021-06-18,18/06/2021 12:00,20210618100000
            2,2021-6-8,,
            3,,18/06/2021 12:00:30,
            4,,2021-06-18 10:00:00,
            5,,31/06/2021 12:00,
            6,,,2021061810000
            7,18/06/2021,,
            """,
            List.of(row(1, DAY, TEN, LocalDateTime.of(2021, 6, 18, 10, 0))),
            List.of(
                row(2L, "d: \"2021-6-8\" is no date"),
                row(3L, "t: \"18/06/2021 12:00:30\" is no timestamp"),
                row(4L, "t: \"2021-06-18 10:00:00\" is no timestamp"),
                row(5L, "t: \"31/06/2021 12:00\" is no timestamp"),
                row(6L, "n: \"2021061810000\" is no timestamp_ntz"),
                row(7L, "d: \"18/06/2021\" is no date"))),
        new Case(
            "CSV: times that the clocks skip",
            "csv",
            List.of("timeZone", "Europe/Paris"),
            "id INT, t TIMESTAMP",
            """
            1,2021-06-18 12:00
            2,2024-03-31 02:30
            3,9999-12-31T23:59:59-12:00
            """,
            List.of(row(1, TEN)),
            List.of(
                row(2L, "t: \"2024-03-31 02:30\" is no timestamp"),
                row(3L, "t: \"9999-12-31T23:59:59-12:00\" is no timestamp"))),
        new Case(
            "JSON: times that the clocks skip",
            "json",
            List.of("timeZone", "Europe/Paris"),
            "t TIMESTAMP",
            "{\"t\": \"2021-06-18 12:00\"}\n{\"t\": \"2024-03-31 02:30\"}\n",
            List.of(row(TEN)),
            List.of(row(2L, "t: \"2024-03-31 02:30\" is no timestamp"))),
        new Case(
            "CSV: numbers that are none or out of range",
            "csv",
            List.of(),
            "id INT, x DOUBLE, f FLOAT, b BOOLEAN",
            """
            1,1.5,0.1,true
            2,1e400,,
            3,,1e39,
            4,0x1p3,,
            5,1d,,
            6,-1e400,1f,
            7,NaN,-Infinity,no
            8,,,perhaps
            9.0, 5.0 ,3.4028235e38,1
            9.5,,,
            2147483648,,,
            ,,,
            """,
            List.of(
                row(1, 1.5, 0.1f, true),
                row(7, Double.NaN, Float.NEGATIVE_INFINITY, false),
                row(9, 5.0, Float.MAX_VALUE, true),
                row(null, null, null, null)),
            List.of(
                row(2L, "x: \"1e400\" is no double"),
                row(3L, "f: \"1e39\" is no float"),
                row(4L, "x: \"0x1p3\" is no double"),
                row(5L, "x: \"1d\" is no double"),
                row(6L, "x: \"-1e400\" is no double; f: \"1f\" is no float"),
                row(8L, "b: \"perhaps\" is no boolean"),
                row(10L, "id: \"9.5\" is no int"),
                row(11L, "id: \"2147483648\" is no int"))),
        new Case(
            "CSV: words for missing and infinite numbers",
            "csv",
            List.of("nullValue", "NA", "nanValue", "?", "positiveInf", "max", "emptyValue", "none"),
            "s STRING, x DOUBLE",
            """
            NA,NA
            ,?
            "",max
            "NA",-Inf
            n,""
            """,
            List.of(
                row(null, null),
                row(null, Double.NaN),
                row("none", Double.POSITIVE_INFINITY),
                row(null, Double.NEGATIVE_INFINITY)),
            List.of(row(5L, "x: \"none\" is no double"))),
        new Case(
            "CSV: the quotes of RFC 4180",
            "csv",
            List.of(),
            "id INT, s STRING",
            """
            1,"say ""hi\"""
            2,"a,b"
            3,\"""\"
            4,""
            5,"C:\\dir\\"
            6,"a"b
            7,5" disk
            8,"open
            9,text"
            10,"a" ,
            11, "a"
            12,"a",b
            """,
            List.of(
                row(1, "say \"hi\""),
                row(2, "a,b"),
                row(3, "\""),
                row(4, null),
                row(5, "C:\\dir\\")),
            List.of(
                row(6L, "s: text after a closing quote" + ESCAPE),
                row(7L, "s: a quote in a field that is not in quotes" + ESCAPE),
                row(
                    8L,
                    "s: a quote that is not closed in its line; options.multiLine = true reads"
                        + " fields over several lines"),
                row(9L, "s: a quote in a field that is not in quotes" + ESCAPE),
                row(10L, "s: text after a closing quote" + ESCAPE),
                row(11L, "s: a quote in a field that is not in quotes" + ESCAPE),
                row(12L, "3 fields, must be 2"))),
        new Case(
            "CSV: quotes as Spark reads them",
            "csv",
            List.of("escape", "\\"),
            "id INT, s STRING",
            """
            1,"say \\"hi\\""
            2,5" disk
            3,"a"b
            4,"a\\\\"
            5,"open
            """,
            List.of(row(1, "say \"hi\""), row(2, "5\" disk"), row(3, "\"a\"b"), row(4, "a\\")),
            List.of(
                row(
                    5L,
                    "s: a quote that is not closed in its line; options.multiLine = true reads"
                        + " fields over several lines"))),
        new Case(
            "CSV: no quotes at all, and other signs",
            "csv",
            List.of("quote", "", "sep", "||", "comment", "#"),
            "id INT, s STRING, t STRING",
            "# no record\n1||\"a||5\" disk\n2||||\n||||\n",
            List.of(row(1, "\"a", "5\" disk"), row(2, null, null), row(null, null, null)),
            List.of()),
        new Case(
            "CSV: blanks around fields are taken off if so asked",
            "csv",
            List.of("ignoreLeadingWhiteSpace", "true", "ignoreTrailingWhiteSpace", "true"),
            "id INT, s STRING, t STRING",
            "1, \"a, b\" , c \n2 ,  ,\" d \"\n",
            List.of(row(1, "a, b", "c"), row(2, null, " d ")),
            List.of()),
        new Case(
            "CSV: a tab alone is a record of two missing values",
            "csv",
            List.of("sep", "\\t"),
            "s STRING, t STRING",
            "a\tb\n\t\n \n",
            List.of(row("a", "b"), row(null, null)),
            List.of()),
        new Case(
            "CSV: lines that end in several ways, in quotes too",
            "csv",
            List.of("multiLine", "true"),
            "id INT, s STRING",
            "1,a\r\n2,b\n3,\"c\r\nd\"\r\n4,e\r5,\"f\ng\"\nx,h\r\n",
            List.of(row(1, "a"), row(2, "b"), row(3, "c\r\nd"), row(4, "e"), row(5, "f\ng")),
            List.of(row(8L, "id: \"x\" is no int"))),
        new Case(
            "CSV: a line ends with a carriage return, or both, or neither",
            "csv",
            List.of(),
            "id INT, s STRING",
            "1,a\r\n2,b\n3,c\r4,d",
            List.of(row(1, "a"), row(2, "b"), row(3, "c"), row(4, "d")),
            List.of()),
        new Case(
            "CSV: a separator of lines",
            "csv",
            List.of("multiLine", "true", "lineSep", ";"),
            "id INT, s STRING",
            "1,a\r;2,\"b;c\";3,d",
            List.of(row(1, "a\r"), row(2, "b;c"), row(3, "d")),
            List.of()),
        new Case(
            "CSV: a quote that is never closed costs every line behind it",
            "csv",
            List.of("multiLine", "true"),
            "id INT, s STRING",
            "1,a\n2,\"b\nc\"\n3,\"d\n4,e\n5,f\n",
            List.of(row(1, "a"), row(2, "b\nc")),
            List.of(
                row(4L, "s: a quote that is never closed"),
                row(
                    5L,
                    "part of the record of line 4, in which is s: a quote that is never closed"),
                row(
                    6L,
                    "part of the record of line 4, in which is s: a quote that is never closed"))),
        new Case(
            "CSV: a fault in a record of several lines ends with its line",
            "csv",
            List.of("multiLine", "true"),
            "id INT, s STRING",
            "1,a\n2,\"b\nc\"d\n3,e\n",
            List.of(row(1, "a"), row(3, "e")),
            List.of(
                row(2L, "s: text after a closing quote" + ESCAPE),
                row(
                    3L,
                    "part of the record of line 2, in which is s: text after a closing quote"
                        + ESCAPE))),
        new Case(
            "CSV: a quote that is never closed where Spark's reading is asked for",
            "csv",
            List.of("multiLine", "true", "escape", "\\"),
            "id INT, s STRING",
            "1,\"a\\\"\nb\"\n2,\"c\"d\r\n3,\"e\n4,f\n",
            List.of(row(1, "a\"\nb"), row(2, "\"c\"d")),
            List.of(
                row(4L, "s: a quote that is never closed"),
                row(
                    5L,
                    "part of the record of line 4, in which is s: a quote that is never closed"))),
        new Case(
            "JSON: dates and times that are none",
            "json",
            List.of(),
            "id INT, d DATE, t TIMESTAMP, n TIMESTAMP_NTZ",
            """
            {"id": 1, "d": "2021-06-18", "t": "2021-06-18T10:00:00Z", "n": "2021-06-18 10:00"}
            {"id": 2, "d": "2021-06-18junk"}
            {"id": 3, "d": "2021-02-30"}
            {"id": 4, "t": "10:00:00"}
            {"id": 5, "t": "2021-06-18 25:00:00"}
            {"id": 6, "d": ""}
            {"id": 7, "d": 20210618}
            {"id": 8, "t": 1624010400}
            {"id": 9, "t": 1624010400000}
            {"id": 10, "t": 1.5}
            """,
            List.of(
                row(1, DAY, TEN, LocalDateTime.of(2021, 6, 18, 10, 0)), row(8, null, TEN, null)),
            List.of(
                row(2L, "d: \"2021-06-18junk\" is no date"),
                row(3L, "d: \"2021-02-30\" is no date"),
                row(4L, "t: \"10:00:00\" is no timestamp"),
                row(5L, "t: \"2021-06-18 25:00:00\" is no timestamp"),
                row(6L, "d: \"\" is no date"),
                row(7L, "d: 20210618 is no date"),
                row(9L, "t: 1624010400000 is no timestamp"),
                row(10L, "t: 1.5 is no timestamp"))),
        new Case(
            "JSON: dates by a pattern",
            "json",
            List.of("dateFormat", "d MMMM yyyy", "locale", "de"),
            "d DATE",
            "{\"d\": \"18 Juni 2021\"}\n{\"d\": \"18 June 2021\"}\n",
            List.of(row(DAY)),
            List.of(row(2L, "d: \"18 June 2021\" is no date"))),
        new Case(
            "JSON: numbers in a column of strings stay as they are written",
            "json",
            List.of("allowNumericLeadingZeros", "true"),
            "s STRING",
            """
            {"s": 1e5}
            {"s": 1.10}
            {"s": 12345678901234567890123}
            {"s": -0.0}
            {"s": 1E400}
            {"s": 007}
            {"s": true}
            {"s": {"b": -999.99999999999999999999999999999999995}}
            {"s": [1.0, "a"]}
            {"s": " a\\n"}
            """,
            List.of(
                row("1e5"),
                row("1.10"),
                row("12345678901234567890123"),
                row("-0.0"),
                row("1E400"),
                row("007"),
                row("true"),
                row("{\"b\": -999.99999999999999999999999999999999995}"),
                row("[1.0, \"a\"]"),
                row(" a\n")),
            List.of()),
        new Case(
            "JSON: numbers that are none or out of range",
            "json",
            List.of(),
            "x DOUBLE, f FLOAT, i INT, b BOOLEAN",
            """
            {"x": 1e400}
            {"f": 1e39}
            {"i": 2147483648}
            {"i": 1.5}
            {"i": "5"}
            {"x": "1.5"}
            {"x": "1d"}
            {"b": 1}
            {"x": NaN, "f": "-INF"}
            {"x": 1.5, "f": 0.1, "i": 3.0, "b": true}
            {"x": "inf"}
            """,
            List.of(row(Double.NaN, Float.NEGATIVE_INFINITY, null, null), row(1.5, 0.1f, 3, true)),
            List.of(
                row(1L, "x: 1e400 is no double"),
                row(2L, "f: 1e39 is no float"),
                row(3L, "i: 2147483648 is no int"),
                row(4L, "i: 1.5 is no int"),
                row(5L, "i: \"5\" is no int"),
                row(6L, "x: \"1.5\" is no double"),
                row(7L, "x: \"1d\" is no double"),
                row(8L, "b: 1 is no boolean"),
                row(11L, "x: \"inf\" is no double"))),
        new Case(
            "JSON: texts among the elements of an array",
            "json",
            List.of("multiLine", "true"),
            "id INT",
            "[\"{\\\"id\\\":1}\", {\"id\":2},\n\"abc\", 7]\n",
            List.of(row(2)),
            List.of(
                row(1L, "must be an object, is string"),
                row(2L, "must be an object, is string"),
                row(2L, "must be an object, is number"))),
        new Case(
            "JSON: an array in a line, the first as any other",
            "json",
            List.of(),
            "id INT",
            "[]\n{\"id\":1}\n[{\"id\":2}]\n",
            List.of(row(1)),
            List.of(
                row(
                    1L,
                    "must be an object, is array; options.multiLine = true reads the elements of"
                        + " arrays"),
                row(
                    3L,
                    "must be an object, is array; options.multiLine = true reads the elements of"
                        + " arrays"))),
        new Case(
            "JSON: escapes that are half of a character",
            "json",
            List.of(),
            "id INT, s STRING",
            """
            {"id": 1, "s": "\\ud83d\\ude00"}
            {"id": 2, "s": "a\\ud800b"}
            {"id": 3, "s": "\\udc00"}
            {"id": 4, "s": "\\ude00\\ud83d"}
            {"id": 5, "s": {"\\ud800": 1}}
            {"id": 6, "t": "\\ud800"}
            """,
            List.of(row(1, "\ud83d\ude00"), row(5, "{\"\\ud800\": 1}"), row(6, null)),
            List.of(
                row(2L, "s: \"a\\ud800b\" has half of a surrogate pair, which is no character"),
                row(3L, "s: \"\\udc00\" has half of a surrogate pair, which is no character"),
                row(
                    4L,
                    "s: \"\\ude00\\ud83d\" has half of a surrogate pair, which is no character"))),
        new Case(
            "JSON: a record that ends too early, over several lines",
            "json",
            List.of("multiLine", "true"),
            "id INT",
            "{\"id\": 1}\n{\"id\":\n 2\n",
            List.of(row(1)),
            List.of(
                row(
                    2L,
                    "not JSON: Unexpected end-of-input: expected close marker for Object (start"
                        + " marker at line: 2, column: 1)"))),
        new Case(
            "CSV: lines of control characters are records",
            "csv",
            List.of(),
            "id INT, s STRING",
            "1,a\n" + "\0".repeat(4096) + "\n\f\n\n  \t\n2,b\n\u001a",
            List.of(row(1, "a"), row(2, "b")),
            List.of(
                row(2L, "1 fields, must be 2"),
                row(3L, "1 fields, must be 2"),
                row(7L, "1 fields, must be 2"))),
        new Case(
            "CSV: of one column a blank line is no record",
            "csv",
            List.of("multiLine", "true"),
            "id INT",
            "1\n\n   \n\0\n\"\"\n2\n",
            List.of(row(1), row(2), row((Object) null)),
            List.of(row(4L, "id: \"\0\" is no int"))),
        new Case(
            "JSON: numbers that are not finite are none if so asked",
            "json",
            List.of("allowNonNumericNumbers", "false"),
            "x DOUBLE",
            "{\"x\": \"NaN\"}\n{\"x\": 1}\n",
            List.of(row(1.0)),
            List.of(row(1L, "x: \"NaN\" is no double"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void textIsValuesOrQuarantined(Case one) throws IOException {
    Path file = write("data", one.text(), StandardCharsets.UTF_8);
    Ingested ingested = read(file, one.format(), one.schema(), one.options());
    assertThat(ingested.quarantined().select("_position", "_reason").collectAsList())
        .containsExactlyInAnyOrderElementsOf(one.quarantined());
    assertThat(ingested.rows().drop("_key", "_source").collectAsList())
        .containsExactlyInAnyOrderElementsOf(one.rows());
  }

  static Stream<Arguments> encodings() {
    return Stream.of(
        Arguments.of("UTF-16", ""),
        Arguments.of("UTF-16LE", ""),
        Arguments.of("UTF-16BE", "\ufeff"),
        Arguments.of("UTF-16LE", "\ufeff"),
        Arguments.of("UTF-32", ""));
  }

  /** U+0A05 and U+0D05 hold the bytes of line ends. */
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("encodings")
  void encodingsOfSeveralBytesAreReadWithoutMultiLine(String encoding, String mark)
      throws IOException {
    String text = mark + "id,s\r\n1,h\u00e4user\n2,\u0a05\u0d05\nx,c\n";
    Path csv = write("a.csv", text, Charset.forName(encoding));
    Ingested ingested =
        read(csv, "csv", "id INT, s STRING", List.of("header", "true", "encoding", encoding));
    assertThat(ingested.rows().select("id", "s").collectAsList())
        .containsExactlyInAnyOrder(row(1, "h\u00e4user"), row(2, "\u0a05\u0d05"));
    assertThat(ingested.quarantined().drop("_source").collectAsList())
        .containsExactly(row(4L, "x,c", "id: \"x\" is no int"));
    String lines = mark + "{\"s\": \"\u0a05\"}\r\n\n{\"s\": \"\u0d05\"}\n5\n";
    Path json = write("a.json", lines, Charset.forName(encoding));
    Ingested objects = read(json, "json", "s STRING", List.of("encoding", encoding));
    assertThat(objects.rows().select("s").collectAsList())
        .containsExactlyInAnyOrder(row("\u0a05"), row("\u0d05"));
    assertThat(objects.quarantined().drop("_source").collectAsList())
        .containsExactly(row(4L, "5", "must be an object, is number"));
  }

  @Test
  void anEncodingThatIsNotNamedIsTold() throws IOException {
    Path file = write("a.csv", "id,s\n1,a\n", StandardCharsets.UTF_16);
    assertThatThrownBy(() -> read(file, "csv", "id INT, s STRING", List.of("header", "true")))
        .hasMessage(
            file
                + ": cannot be read: begins with the byte order mark of UTF-16: set"
                + " options.encoding = UTF-16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void optionsThatCannotBeHonouredAreRefused(String format) {
    boolean csv = format.equals("csv");
    List<String> options =
        new ArrayList<>(
            List.of(
                "enableDateTimeParsingFallback", "true",
                "encoding", "UTF-9",
                "dateFormat", "yyyy-MM-dd'",
                "timestampFormat", "bbb"));
    options.addAll(csv ? List.of("unescapedQuoteHandling", "SKIP_VALUE") : List.of());
    assertThatThrownBy(() -> settings(Path.of("x"), format, "a INT", options))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            options.enableDateTimeParsingFallback is not free: a date or time that does not fit is malformed
            options.unescapedQuoteHandling must be RAISE_ERROR or STOP_AT_DELIMITER, got SKIP_VALUE
            options.encoding must be an encoding, got UTF-9
            options.dateFormat must be a pattern of java.time, got yyyy-MM-dd': Pattern ends with an incomplete string literal: uuuu-MM-dd'
            options.timestampFormat must be a pattern of java.time, got bbb: Unknown pattern letter: b\
            """
                .replaceFirst(csv ? "" : "options.unescaped.*\n", ""));
  }

  static Stream<Arguments> optionsThatMeanNothing() {
    String sign = " must be one character, got ";
    String separator =
        " must be a character or several, none of them of a line break, the quote, escape or"
            + " comment, got ";
    String unknown = " is not an option of %s; did you mean ";
    return Stream.of(
        Arguments.of("csv", "sep", "", "options.sep" + separator + "\"\""),
        Arguments.of("csv", "delimiter", "\n", "options.delimiter" + separator + "\"\\n\""),
        Arguments.of("csv", "SEP", "a\r", "options.sep" + separator + "\"a\\r\""),
        Arguments.of("csv", "sep", "\"", "options.sep" + separator + "\"\"\""),
        Arguments.of("csv", "quote", ",", "options.delimiter" + separator + "\",\""),
        Arguments.of("csv", "comment", ",", "options.delimiter" + separator + "\",\""),
        Arguments.of("csv", "comment", "\"", "options.comment must not be the quote, got \"\"\""),
        Arguments.of("csv", "quote", "''", "options.quote" + sign + "\"''\""),
        Arguments.of("csv", "escape", "", "options.escape" + sign + "\"\""),
        Arguments.of("csv", "escape", "ab", "options.escape" + sign + "\"ab\""),
        Arguments.of("csv", "comment", "//", "options.comment" + sign + "\"//\""),
        Arguments.of("csv", "seperator", ";", "options.seperator" + unknown + "sep?"),
        Arguments.of("csv", "nullvalues", "NA", "options.nullvalues" + unknown + "nullValue?"),
        Arguments.of("csv", "quotechar", "'", "options.quotechar" + unknown + "quote?"),
        Arguments.of("json", "multiline_", "true", "options.multiline_" + unknown + "multiLine?"),
        Arguments.of(
            "json",
            "sep",
            ";",
            "options.sep is not an option of json, must be one of allowBackslashEscapingAnyCharacter,"
                + " allowComments, allowNonNumericNumbers, allowNumericLeadingZeros,"
                + " allowSingleQuotes, allowUnquotedControlChars, allowUnquotedFieldNames, charset,"
                + " columnNameOfCorruptRecord, compression, dateFormat, dropFieldIfAllNull,"
                + " enableDateTimeParsingFallback, encoding, ignoreNullFields, inferTimestamp,"
                + " lineSep, locale, maxNestingDepth, maxNumLen, maxStringLen, mode, multiLine,"
                + " prefersDecimal, pretty, primitivesAsString, samplingRatio, timestampFormat,"
                + " timestampNTZFormat, timeZone, writeNonAsciiCharacterAsCodePoint"),
        Arguments.of(
            "csv",
            "locale",
            "xx-YY-zz",
            "options.locale must be a language tag, as in de-DE, got xx-YY-zz"),
        Arguments.of(
            "json", "locale", "xx", "options.locale must be a language tag, as in de-DE, got xx"),
        Arguments.of(
            "csv",
            "timeZone",
            "Europe/Berln",
            "options.timeZone must be a time zone, as in Europe/Berlin, got Europe/Berln"));
  }

  @ParameterizedTest(name = "{0} {1} = {2}")
  @MethodSource("optionsThatMeanNothing")
  void anOptionThatMeansNothingIsRefused(String format, String name, String value, String message) {
    assertThatThrownBy(() -> settings(Path.of("x"), format, "a INT", List.of(name, value)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message.formatted(format));
  }

  @Test
  void optionsThatMeanSomethingAreTaken() {
    settings(
        Path.of("x"),
        "csv",
        "a INT",
        List.of(
            "Delimiter",
            "\\t|",
            "QUOTE",
            "",
            "comment",
            "#",
            "escape",
            "\\",
            "locale",
            "de-AT",
            "timeZone",
            "GMT+2",
            "ignoreLeadingWhiteSpace",
            "true"));
    settings(Path.of("x"), "json", "a INT", List.of("maxnestingdepth", "7", "LOCALE", "en"));
  }

  /** Spark reads them with a tokenizer that RFC 4180 has no use for. */
  @Test
  void optionsWithoutAnEffectAreRefused() {
    List<String> options = List.of("maxColumns", "5", "charToEscapeQuoteEscaping", "#");
    String problem =
        "options.%s must not be given where CSV is read by RFC 4180, which has no use for it, got %s;"
            + " it has one beside options.escape = \"\\\\\"";
    assertThatThrownBy(() -> settings(Path.of("x"), "csv", "a INT", options))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            problem.formatted("charToEscapeQuoteEscaping", "#")
                + "\n"
                + problem.formatted("maxColumns", "5"));
    List<String> escaped = new ArrayList<>(options);
    escaped.addAll(List.of("escape", "\\"));
    assertThat(settings(Path.of("x"), "csv", "a INT", escaped).option("maxColumns")).contains("5");
    assertThatThrownBy(
            () -> settings(Path.of("x"), "json", "a DATE", List.of("dateFormat", "YYYY-MM-dd")))
        .hasMessage(
            "options.dateFormat must be a pattern of java.time, got YYYY-MM-dd: Y is the year of a"
                + " week; the year of a date is y");
  }

  private Ingested read(Path file, String format, String schema, List<String> options) {
    return Ingest.read(LocalSpark.session(), settings(file, format, schema, options));
  }

  private static IngestSettings settings(
      Path file, String format, String schema, List<String> options) {
    Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < options.size(); i += 2) {
      map.put(options.get(i), options.get(i + 1));
    }
    return FileSettings.of(format, List.of(file.toString()), map, schema, 1, null);
  }

  private Path write(String name, String text, Charset encoding) throws IOException {
    Path file = dir.resolve(name);
    Files.write(file, text.getBytes(encoding));
    return file;
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(Arrays.copyOf(values, values.length));
  }
}
