package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.DatasetContract;
import sluice.data.Digest;
import sluice.data.InvalidInput;
import sluice.data.RawRecord;
import sluice.data.RowKey;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

class IngestTest {
  private static final String SCHEMA = "age INT, job STRING, score DOUBLE";

  @TempDir Path dir = Path.of("");

  @Test
  void csvRowsHaveTypesKeysAndTheirFile() throws IOException {
    Path file = write("häuser 1.csv", "age,job,score\n30,clerk,0.5\n,,NaN\n7,\"a,b\",-Infinity\n");
    Ingested ingested = read(csv(SCHEMA, file));
    assertThat(ingested.rows().schema().toDDL())
        .isEqualTo("_key BINARY,_source STRING,age INT,job STRING,score DOUBLE");
    assertThat(ingested.rows().drop("_key").orderBy("age").collectAsList())
        .containsExactly(
            row(file.toString(), null, null, Double.NaN),
            row(file.toString(), 7, "a,b", Double.NEGATIVE_INFINITY),
            row(file.toString(), 30, "clerk", 0.5));
    byte[] key =
        RowKey.of(
            RawRecord.of(Map.of("age", 30, "job", "clerk", "score", 0.5)),
            List.of("age", "job", "score"));
    assertThat(ingested.rows().filter("age = 30").select("_key").first().<byte[]>getAs(0))
        .isEqualTo(key);
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(3, 0));
    assertThat(ingested.contract().names()).containsExactly("age", "job", "score");
  }

  @Test
  void malformedCsvRecordsAreKeptWithLineAndReason() throws IOException {
    Path file =
        write(
            "people.csv",
            "# made by hand",
            "age;job;score",
            "",
            "30;clerk;0.5",
            "old;clerk;high",
            "# a comment",
            "31;smith",
            "32;smith;1;2",
            "old;clerk;high",
            "2147483648;smith;1");
    Path good = write("good.csv", "age;job;score", "1;x;1");
    Ingested ingested =
        read(
            FileSettings.of(
                "csv",
                List.of(dir + "/*.csv"),
                Map.of("header", "true", "sep", ";", "comment", "#"),
                SCHEMA,
                1,
                null));
    assertThat(quarantine(ingested))
        .containsExactly(
            row(
                file.toString(),
                5L,
                "old;clerk;high",
                "age: \"old\" is no int; score: \"high\" is no double"),
            row(file.toString(), 7L, "31;smith", "2 fields, must be 3"),
            row(file.toString(), 8L, "32;smith;1;2", "4 fields, must be 3"),
            row(
                file.toString(),
                9L,
                "old;clerk;high",
                "age: \"old\" is no int; score: \"high\" is no double"),
            row(file.toString(), 10L, "2147483648;smith;1", "age: \"2147483648\" is no int"));
    assertThat(ingested.rows().select("_source", "age").orderBy("age").collectAsList())
        .containsExactly(row(good.toString(), 1), row(file.toString(), 30));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(2, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void linesAreCountedOverQuotedLineBreaks(String lineBreak) throws IOException {
    Path file =
        write(
            "people.csv",
            String.join(
                lineBreak,
                "age,job,score",
                "1,\"first",
                "second",
                "\",0.5",
                "x,y,1",
                "",
                "2,\"a",
                "b\",bad",
                "3,\"c\"",
                "4,d,1"));
    Ingested ingested = read(csv(SCHEMA, file, "multiLine", "true"));
    assertThat(quarantine(ingested).stream().map(row -> List.of(row.getLong(1), row.getString(3))))
        .containsExactly(
            List.of(5L, "age: \"x\" is no int"),
            List.of(7L, "score: \"bad\" is no double"),
            List.of(9L, "2 fields, must be 3"));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(2, 3));
  }

  @ParameterizedTest
  @CsvSource({"csv, false", "csv, true", "json, false", "json, true"})
  void bytesOfAnotherEncodingAreNamed(String format, boolean multiLine) throws IOException {
    boolean csv = format.equals("csv");
    String text =
        csv
            ? "age,job,score\n1,häuser,1\nx,häuser,1\n2,ok,1\n3,Müller,1\n"
            : """
            {"age": 1, "job": "häuser"}
            {"age": "x", "job": "häuser"}
            {"age": 2, "job": "ok"}
            {"age": 3, "job": "Müller", "score": 1}
            """;
    Path file = dir.resolve("latin." + format);
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    String notUtf8 = "bytes that are not UTF-8: options.encoding names another encoding";
    Ingested ingested =
        read(settings(format, SCHEMA, file, "header", "true", "multiLine", "" + multiLine));
    assertThat(quarantine(ingested).stream().map(row -> List.of(row.getLong(1), row.getString(3))))
        .containsExactly(
            List.of(csv ? 2L : 1L, notUtf8),
            List.of(csv ? 3L : 2L, "age: \"x\" is no int; " + notUtf8),
            List.of(csv ? 5L : 4L, notUtf8));
    Ingested decoded =
        read(
            settings(
                format,
                SCHEMA,
                file,
                "header",
                "true",
                "multiLine",
                "" + multiLine,
                "encoding",
                "ISO-8859-1"));
    assertThat(decoded.rows().select("job").orderBy("age").collectAsList())
        .containsExactly(row("häuser"), row("ok"), row("Müller"));
    assertThat(decoded.quarantined().count()).isEqualTo(1);
  }

  @Test
  void compressedFilesAreReadTwiceToo() throws IOException {
    Path file = dir.resolve("people.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("age,job,score\n1,a,1\n2,b,x\n".getBytes(StandardCharsets.UTF_8));
    }
    Ingested ingested = read(csv(SCHEMA, file));
    assertThat(quarantine(ingested))
        .containsExactly(row(file.toString(), 3L, "2,b,x", "score: \"x\" is no double"));
    assertThat(ingested.rows().count()).isEqualTo(1);
  }

  @Test
  void csvWithoutAHeaderAndWithAByteOrderMark() throws IOException {
    Path file = write("plain.csv", "\ufeff1,a,1", "x,a,1");
    Ingested plain =
        read(FileSettings.of("csv", List.of(file.toString()), Map.of(), SCHEMA, 1, null));
    assertThat(plain.rows().select("age").collectAsList()).containsExactly(row(1));
    assertThat(quarantine(plain))
        .containsExactly(row(file.toString(), 2L, "x,a,1", "age: \"x\" is no int"));
    Path headed = write("headed.csv", "\ufeffage,job,score", "1,a,1");
    assertThat(read(csv(SCHEMA, headed)).rows().count()).isEqualTo(1);
  }

  /** R and pandas write the numbers of the rows into a first column that has no name. */
  @Test
  void columnsWithoutANameHaveThatOfTheSchema() throws IOException {
    Path file = write("numbered.csv", "\"\",\"job\", ", "7,clerk,0.5");
    assertThat(read(csv(SCHEMA, file)).rows().select("age", "job", "score").collectAsList())
        .containsExactly(row(7, "clerk", 0.5));
    Path other = write("other.csv", ",age,job", "7,30,clerk");
    assertThatThrownBy(() -> read(csv(SCHEMA, other)))
        .hasMessage(
            other + ": header and schema differ: must be [age, job, score], got [, age, job]");
  }

  static Stream<Arguments> replacements() {
    return Stream.of("csv", "json")
        .flatMap(f -> Stream.of(false, true).map(multiLine -> Arguments.of(f, multiLine)));
  }

  /** U+FFFD is a character as any other; it also stands for bytes that are none of UTF-8. */
  @ParameterizedTest
  @MethodSource("replacements")
  void onlyBytesThatAreNotUtf8AreQuarantinedAndNotTheCharacterForThem(
      String format, boolean multiLine) throws IOException {
    boolean csv = format.equals("csv");
    String text =
        csv
            ? "age,job\n1,\uFFFD\n2,\uFFFD~\n3,x\n"
            : """
            {"age":1,"job":"\uFFFD"}
            {"age":2,"job":"\uFFFD~"}
            {"age":3,"job":"x"}
            """;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '~' ? (byte) 0xE4 : bytes[i];
    }
    Path file = Files.write(dir.resolve("replacement." + format), bytes);
    Ingested ingested =
        read(
            settings(
                format,
                "age INT, job STRING",
                file,
                "header",
                "true",
                "multiLine",
                "" + multiLine));
    assertThat(ingested.rows().select("age", "job").orderBy("age").collectAsList())
        .containsExactly(row(1, "\uFFFD"), row(3, "x"));
    assertThat(ingested.quarantined().drop("_source").collectAsList())
        .containsExactly(
            row(
                csv ? 3L : 2L,
                csv ? "2,\uFFFD\uFFFD" : "{\"age\":2,\"job\":\"\uFFFD\uFFFD\"}",
                "bytes that are not UTF-8: options.encoding names another encoding"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"# export\n", "\n", ""})
  void aByteOrderMarkMayStandBeforeWhatIsNoHeader(String before) throws IOException {
    Path file = dir.resolve("mark.csv");
    Files.writeString(file, "\uFEFF" + before + "id,age\n1,30\n");
    for (String multiLine : List.of("false", "true")) {
      IngestSettings settings =
          csv("id INT, age INT", file, "comment", "#", "multiLine", multiLine);
      Ingested ingested = read(settings);
      assertThat(ingested.rows().select("id", "age").collectAsList()).containsExactly(row(1, 30));
      assertThat(ingested.quarantined().count()).isZero();
      NewRows scored = toScore(settings, null);
      assertThat(scored.columns()).containsExactly("id", "age");
      assertThat(scored.rows().select("id", "age").collectAsList()).containsExactly(row(1, 30));
    }
  }

  @Test
  void problemsOfManyFilesAreInTheirOrder() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 10; i < 50; i++) {
      Path file = write("many/%d.json".formatted(i), "[\n1]\n");
      expected.append(file).append(": must have one object a line, has JSON over several lines:");
      expected.append(" set options.multiLine = true").append(i < 49 ? "\n" : "");
    }
    IngestSettings settings = settings("json", SCHEMA, dir.resolve("many"));
    assertRefused(() -> read(settings), expected.toString());
    assertRefused(() -> toScore(settings, null), expected.toString());
  }

  @Test
  void malformedRecordsToScoreAreQuarantinedWhereverTheyStand() throws IOException {
    Path file = write("first.csv", "1,\"a\"b,0", "2,x,0", "3", "4,y,1");
    NewRows scored = toScore(settings("csv", "id INT, s STRING", file), "id INT, s STRING, y INT");
    assertThat(scored.rows().select("id", "s", "y").collectAsList())
        .containsExactly(row(2, "x", "0"), row(4, "y", "1"));
    assertThat(scored.quarantined().select("_position", "_reason").collectAsList())
        .containsExactly(
            row(
                1L,
                "s: text after a closing quote (RFC 4180; options.escape = \"\\\\\" allows it)"),
            row(3L, "1 fields, must be 3"));
    Path bad = write("bad.csv", "1,\"a\"b");
    assertThat(toScore(settings("csv", "id INT", bad), "id INT, s STRING").quarantined().count())
        .isEqualTo(1);
    Path other = write("other.csv", "1,2,3,4");
    assertRefused(
        () -> toScore(settings("csv", "id INT", other), "id INT, s STRING, y INT"),
        other + ": 4 fields without a header, must be 3: [id, s, y] or 2: [id, s]");
  }

  @Test
  void filesWithoutARecordHoldNoRowsToScore() throws IOException {
    for (String format : List.of("csv", "json", "parquet")) {
      Path damaged = write("damaged.%s.gz".formatted(format), "x");
      NewRows scored = toScore(settings(format, "id INT", damaged), null);
      assertThat(scored.rows().collectAsList()).as(format).isEmpty();
      assertThat(scored.quarantined().select("_source").collectAsList())
          .containsExactly(row(damaged.toString()));
    }
    for (String content : List.of("\n \n", "{\"id\":\n", "{\"id\":\"x\",\"more\":1}\n")) {
      Path file = write("blank.json", content);
      NewRows scored = toScore(settings("json", "id INT", file), null);
      assertThat(scored.rows().collectAsList()).isEmpty();
      assertThat(scored.quarantined().count()).isEqualTo(content.isBlank() ? 0 : 1);
      assertThat(scored.columns()).containsExactly("id");
    }
  }

  @Test
  void namesOfMalformedRecordsAreNoColumns() throws IOException {
    Path file =
        write("names.json", "{\"a\":1,\"b\":\"c\"}", "{\"a\":1,\"oops", "{\"a\":\"x\",\"no\":1}");
    NewRows scored = toScore(settings("json", "a INT", file), null);
    assertThat(scored.columns()).containsExactly("a", "b");
    assertThat(scored.rows().select("a", "b").collectAsList()).containsExactly(row(1, "c"));
    assertThat(scored.quarantined().count()).isEqualTo(2);
    StringBuilder many = new StringBuilder("{\"a\":1");
    for (int i = 0; i < 10_000; i++) {
      many.append(",\"n").append(i).append("\":1");
    }
    write("names.json", many + "}");
    assertRefused(
        () -> toScore(settings("json", "a INT", file), null),
        file + ": must have at most 10,000 names in its records, has more");
  }

  @Test
  void aColumnThatNoRecordToScoreHasIsMissingAndTold() throws IOException {
    Path file = write("lacking.json", "{\"a\":1,\"incme\":2}", "{\"a\":3}");
    NewRows scored = toScore(settings("json", "a INT, income INT, zz INT", file), null);
    assertThat(scored.rows().select("a", "income", "zz", "incme").orderBy("a").collectAsList())
        .containsExactly(row(1, null, null, "2"), row(3, null, null, null));
    assertThat(scored.columns()).containsExactly("a", "incme");
    assertThat(scored.notes().get())
        .containsExactly(
            "no record has the column income, which is missing in each row; is it incme?",
            "no record has the column zz, which is missing in each row");
    assertRefused(
        () -> toScore(settings("json", "income INT, zz INT", file), null),
        file
            + ": no column income; is it incme?\n"
            + file
            + ": no column zz, there are [a, incme]");
  }

  @Test
  void theColumnOfFileNamesIsNotOneOfTheRowsToScore() throws IOException {
    Path file = write("clash.csv", "id,file\n1,own\n");
    IngestSettings settings =
        FileSettings.of(
            "csv",
            SourcePaths.of(List.of(file.toString())),
            Map.of("header", "true"),
            "id INT",
            1,
            null,
            "file");
    assertThatThrownBy(() -> toScore(settings, null))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            ("ingest.source-column is file, the name of a column that %s has too: give it another"
                    + " name, or leave that column out of predict.keep")
                .formatted(file));
    NewRows scored =
        NewRows.read(
            LocalSpark.session(),
            new NewRowsRequest(settings, settings.contract(), Set.of(), List.of("id")));
    assertThat(scored.columns()).containsExactly("id");
    assertThat(scored.rows().select("id", "file").collectAsList())
        .containsExactly(row(1, "clash.csv"));
  }

  static Stream<Arguments> badSources() {
    return Stream.of(
        Arguments.of("csv", "nothing.csv", null, "DIR/nothing.csv: there is no such file"),
        Arguments.of("json", "*.jsonl", null, "DIR/*.jsonl: matches no file"),
        Arguments.of("csv", "empty.csv", "", "DIR/empty.csv: the file is empty"),
        Arguments.of("json", "empty.json", "", "DIR/empty.json: the file is empty"),
        Arguments.of("parquet", "empty.parquet", "", "DIR/empty.parquet: the file is empty"),
        Arguments.of(
            "csv", "blank.csv", "\n\n", "DIR/blank.csv: the file is empty, must have a header"),
        Arguments.of(
            "csv",
            "a.csv",
            "age,job,job\n1,2,3\n",
            "DIR/a.csv: header has column job twice: must be [age, job, score], got [age, job,"
                + " job]"),
        Arguments.of(
            "csv",
            "a.csv",
            "age;job;score\n",
            "DIR/a.csv: header has 1 columns, schema has 3: must be [age, job, score], got"
                + " [age;job;score]; options.sep = \";\" makes 3 of it"),
        Arguments.of(
            "csv",
            "a.csv",
            "\"age,job,score\"\n",
            "DIR/a.csv: header has 1 columns, schema has 3: must be [age, job, score], got"
                + " [age,job,score]"),
        Arguments.of(
            "csv",
            "a.csv",
            "age,Job,score\n1,2,3\n",
            "DIR/a.csv: header and schema differ: must be [age, job, score], got [age, Job,"
                + " score]"),
        Arguments.of(
            "json",
            "a.json",
            "[\n  {\"age\": 1},\n  {\"age\": 2}\n]\n",
            "DIR/a.json: must have one object a line, has JSON over several lines:"
                + " set options.multiLine = true"),
        Arguments.of(
            "json",
            "a.json",
            "\n{\n  \"age\": 1\n}\n",
            "DIR/a.json: must have one object a line, has JSON over several lines:"
                + " set options.multiLine = true"),
        Arguments.of(
            "json",
            "a.json",
            "[{\"age\": 1},\n{\"age\": 2}]\n",
            "DIR/a.json: must have one object a line, has JSON over several lines:"
                + " set options.multiLine = true"));
  }

  @ParameterizedTest
  @MethodSource("badSources")
  void badSourcesAreRefused(String format, String path, @Nullable String content, String message)
      throws IOException {
    if (content != null) {
      write(path, content);
    }
    assertRefused(
        () -> read(settings(format, SCHEMA, dir.resolve(path), "header", "true")), message);
  }

  static Stream<Arguments> badContents() {
    return Stream.of(
        Arguments.of("csv", "age,job,score\n", "DIR/x: no rows"),
        Arguments.of("json", "\n \n", "DIR/x: no rows"),
        Arguments.of(
            "json",
            "{\"age\": 1, \"scor\": 1}\n{\"age\": 2, \"score_\": null}\n",
            "DIR/x: column job is in no record\nDIR/x: column score is in no record"),
        Arguments.of(
            "csv",
            "age,job,score\n1,a,1\nx,a,1\n1\n1,a,y\n1,a,z\n",
            "DIR/x: at most a share of 0.001 of the records may be malformed (ingest.max-quarantined), got"
                + " 0.8000: 4 of 5\n"
                + "DIR/x:3: age: \"x\" is no int\n"
                + "DIR/x:4: 1 fields, must be 3\n"
                + "DIR/x:5: score: \"y\" is no double"),
        Arguments.of(
            "csv",
            "age,job,score\nNA,a,1\nN/A,b,1\n1;a;y\n",
            "DIR/x: at most a share of 0.001 of the records may be malformed (ingest.max-quarantined), got"
                + " 1.000: 3 of 3\n"
                + "DIR/x:2: age: \"NA\" is no int; options.nullValue = \"NA\" reads it as missing\n"
                + "DIR/x:3: age: \"N/A\" is no int; options.nullValue = \"N/A\" reads it as missing\n"
                + "DIR/x:4: 1 fields, must be 3; options.sep = \";\" makes 3 of it"),
        Arguments.of(
            "csv",
            "age,job,score\n\"1,a,2\"\n\"1;a;2\"\n\"1\";\"a\";\"2\"\n",
            "DIR/x: at most a share of 0.001 of the records may be malformed (ingest.max-quarantined), got"
                + " 1.000: 3 of 3\n"
                + "DIR/x:2: 1 fields, must be 3\n"
                + "DIR/x:3: 1 fields, must be 3\n"
                + "DIR/x:4: age: text after a closing quote (RFC 4180; options.escape = \"\\\\\" allows"
                + " it)"));
  }

  @ParameterizedTest
  @MethodSource("badContents")
  void badContentsAreRefused(String format, String content, String message) throws IOException {
    Path file = write("x", content);
    Ingested ingested =
        read(
            FileSettings.of(
                format,
                List.of(file.toString()),
                options(format),
                SCHEMA,
                IngestSettings.DEFAULT_MAX_QUARANTINED,
                null));
    assertRefused(() -> ingested.check(ingested.rows(), ingested.quarantined()), message);
  }

  @ParameterizedTest
  @CsvSource({
    "csv, '29.07.1996,2.1.2020 10:00'",
    "json, '{\"d\": \"29.07.1996\", \"t\": \"2.1.2020 10:00\"}'"
  })
  void anotherNotationOfDatesIsHintedAt(String format, String record) throws IOException {
    Path file = write("x", record, record);
    String schema = "d DATE, t TIMESTAMP";
    Ingested ingested =
        read(FileSettings.of(format, List.of(file.toString()), Map.of(), schema, 0, null));
    String reason = "d: \"29.07.1996\" is no date; t: \"2.1.2020 10:00\" is no timestamp";
    assertRefused(
        () -> ingested.check(ingested.rows(), ingested.quarantined()),
        "DIR/x: at most a share of 0.0 of the records may be malformed (ingest.max-quarantined), got"
            + " 1.000: 2 of 2\nDIR/x:1: "
            + reason
            + "; options.dateFormat says how they are written, as in \"dd.MM.yyyy\"\nDIR/x:2: "
            + reason);
  }

  @Test
  void namesInTheFirstLineAreAHeader() throws IOException {
    Path file = write("a.csv", "age,job,score", "1,a,2");
    assertRefused(
        () -> read(settings("csv", SCHEMA, file)),
        "DIR/a.csv: the first line has the names of the columns: set options.header = true");
  }

  private static Map<String, String> options(String format) {
    return format.equals("csv") ? Map.of("header", "true") : Map.of();
  }

  @Test
  void aShareOfMalformedRecordsIsBorne() throws IOException {
    Path file = write("x.csv", "age,job,score\n1,a,1\nx,a,1\n");
    IngestSettings half =
        FileSettings.of(
            "csv", List.of(file.toString()), Map.of("header", "true"), SCHEMA, 0.5, null);
    Ingested ingested = read(half);
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(1, 1));
  }

  @Test
  void aNullInJsonIsNotAnAbsentColumn() throws IOException {
    Path file = write("x.json", "{\"age\": 1, \"job\": null, \"score\": null, \"more\": [1]}");
    Ingested ingested = read(settings("json", SCHEMA, file));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(1, 0));
  }

  @Test
  void malformedJsonLines() throws IOException {
    Path file =
        write(
            "x.json",
            "{\"age\": 1, \"job\": 300, \"score\": 1e3}",
            "",
            "{\"age\": \"x\", \"job\": {}, \"score\": \"NaN\"}",
            "{\"age\": 1",
            "[{\"age\": 1}, {\"age\": 2}]",
            "{\"age\": 5} {\"age\": 6}",
            "null",
            "{\"age\": 1.5}",
            "{}");
    Ingested ingested = read(settings("json", SCHEMA, file));
    assertThat(quarantine(ingested).stream().map(row -> List.of(row.getLong(1), row.getString(3))))
        .containsExactly(
            List.of(3L, "age: \"x\" is no int"),
            List.of(
                4L,
                "not JSON: Unexpected end-of-input: expected close marker for Object (start marker"
                    + " at line: 1, column: 1)"),
            List.of(
                5L,
                "must be an object, is array; options.multiLine = true reads the elements of"
                    + " arrays"),
            List.of(6L, "more than one object"),
            List.of(7L, "must be an object, is null"),
            List.of(8L, "age: 1.5 is no int"));
    assertThat(ingested.rows().drop("_key", "_source").orderBy("age").collectAsList())
        .containsExactly(row(null, null, null), row(1, "300", 1000.0));
  }

  @Test
  void jsonOverSeveralLines() throws IOException {
    Path array =
        write(
            "a.json",
            "[",
            "  {\"age\": 1, \"job\": \"a\", \"score\": 1.0},",
            "  {\"age\": \"x\",",
            "   \"job\": \"b\"},  5,",
            "  {\"age\": 2, \"score\": null}",
            "]");
    Path broken =
        write(
            "b.json",
            "{\"age\": 3,",
            " \"job\": \"}\"}",
            "{\"age\": 4}",
            "{\"age\": 5, oops",
            "{}");
    Ingested ingested =
        read(
            FileSettings.of(
                "json",
                List.of(array.toString(), broken.toString()),
                Map.of("multiLine", "true"),
                SCHEMA,
                1,
                null));
    assertThat(ingested.rows().select("age", "job", "score").orderBy("age").collectAsList())
        .containsExactly(
            row(1, "a", 1.0), row(2, null, null), row(3, "}", null), row(4, null, null));
    List<Row> quarantine = quarantine(ingested);
    assertThat(quarantine.subList(0, 2))
        .containsExactly(
            row(
                array.toString(),
                3L,
                "{\"age\": \"x\",\n   \"job\": \"b\"}",
                "age: \"x\" is no int"),
            row(array.toString(), 4L, "5", "must be an object, is number"));
    assertThat(quarantine.get(2).getString(0)).isEqualTo(broken.toString());
    assertThat(quarantine.get(2).getLong(1)).isEqualTo(4L);
    assertThat(quarantine.get(2).getString(2)).isEqualTo("{\"age\": 5, oops\n{}");
    assertThat(quarantine.get(2).getString(3)).startsWith("not JSON: Unexpected character ('o'");
    assertThat(quarantine).hasSize(3);
  }

  @Test
  void parquetSchemasAreComparedAllAtOnce() throws IOException {
    Path good = parquet("good", "select 1 as age, 'a' as job, 0.5D as score, 7 as more");
    assertThat(read(settings("parquet", SCHEMA, good)).rows().drop("_key", "_source").first())
        .isEqualTo(row(1, "a", 0.5));
    Path wide = parquet("wide", "select 1L as age, 'a' as job, timestamp_ntz'2024-01-01' as t");
    String file = onlyFile(wide).toString();
    assertRefused(
        () ->
            read(
                FileSettings.of(
                    "parquet",
                    List.of(good.toString(), wide.toString()),
                    Map.of(),
                    SCHEMA,
                    0,
                    null)),
        file
            + ": column age must be int, is bigint\n"
            + file
            + ": no column score, there are [age, job, t]");
    assertThat(read(settings("parquet", "t TIMESTAMP_NTZ", wide)).rows().count()).isEqualTo(1);
  }

  @Test
  void aDamagedParquetFileIsOneRecord() throws IOException {
    Path good =
        parquet("good", "select cast(id as int) as age, 'a' as job, 0.5D as score from range(9)");
    Path cut = parquet("cut", "select 1 as age, 'a' as job, 0.5D as score");
    byte[] bytes = Files.readAllBytes(onlyFile(cut));
    Files.write(onlyFile(cut), Arrays.copyOf(bytes, bytes.length / 2));
    Path spoilt =
        parquet("spoilt", "select cast(id as int) as age, 'a' as job, 0.5D as score from range(9)");
    bytes = Files.readAllBytes(onlyFile(spoilt));
    Arrays.fill(bytes, 4, 60, (byte) 0x7f);
    Files.write(onlyFile(spoilt), bytes);
    Path text = write("text.parquet", "this is no Parquet file");
    for (Path damaged : List.of(onlyFile(cut), onlyFile(spoilt))) {
      Files.deleteIfExists(damaged.resolveSibling("." + damaged.getFileName() + ".crc"));
    }
    Ingested ingested =
        read(
            FileSettings.of(
                "parquet",
                List.of(good.toString(), cut.toString(), spoilt.toString(), text.toString()),
                Map.of(),
                SCHEMA,
                1,
                null));
    assertThat(quarantine(ingested).stream().map(row -> row.getString(0)))
        .containsExactlyInAnyOrder(
            onlyFile(cut).toString(), onlyFile(spoilt).toString(), text.toString());
    assertThat(quarantine(ingested))
        .allSatisfy(
            row -> {
              assertThat(row.isNullAt(1) && row.isNullAt(2)).isTrue();
              assertThat(row.getString(3)).startsWith("not a readable Parquet file: ");
            });
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(9, 3));
    Ingested none =
        read(FileSettings.of("parquet", List.of(text.toString()), Map.of(), SCHEMA, 1, null));
    assertRefused(
        () -> none.check(none.rows(), none.quarantined()),
        text
            + ": no rows, 1 records are quarantined\n"
            + text
            + ": not a readable Parquet file: "
            + text
            + " is not a Parquet file. Expected magic number at tail, but found [102, 105, 108,"
            + " 101]");
  }

  @Test
  void aNamedKey() throws IOException {
    Path file = write("x.csv", "age,job,score\n1,a,1\n2,b,1\n1,c,1\n");
    IngestSettings settings =
        FileSettings.of(
            "csv", List.of(file.toString()), Map.of("header", "true"), SCHEMA, 0, "job");
    Ingested ingested = read(settings);
    assertThat(
            ingested.rows().orderBy("job").collectAsList().stream()
                .map(row -> RowKey.text(row.<byte[]>getAs("_key"))))
        .containsExactly(
            RowKey.text(RowKey.of(RawRecord.of(Map.of("job", "a")), List.of("job"))),
            RowKey.text(RowKey.of(RawRecord.of(Map.of("job", "b")), List.of("job"))),
            RowKey.text(RowKey.of(RawRecord.of(Map.of("job", "c")), List.of("job"))));
    ingested.check(ingested.rows(), ingested.quarantined());
    Ingested twice =
        read(
            FileSettings.of(
                "csv", List.of(file.toString()), Map.of("header", "true"), SCHEMA, 0, "age"));
    assertRefused(
        () -> twice.check(twice.rows(), twice.quarantined()),
        "key column age must be unique, found \"1\" in 2 rows");
  }

  @Test
  void keysDoNotDependOnHowFilesAreCut() throws IOException {
    StringBuilder all = new StringBuilder("age,job,score\n");
    for (int i = 0; i < 400; i++) {
      all.append(i % 50).append(",j").append(i % 3).append(",0.25\n");
    }
    Path file = write("one.csv", all.toString());
    Dataset<Row> whole = read(csv(SCHEMA, file)).rows();
    String expected = Digest.of(whole, "_key");
    String key = "spark.sql.files.maxPartitionBytes";
    String before = LocalSpark.session().conf().get(key);
    LocalSpark.session().conf().set(key, 1000);
    try {
      Dataset<Row> cut = read(csv(SCHEMA, file)).rows();
      assertThat(Digest.of(cut, "_key")).isEqualTo(expected);
    } finally {
      LocalSpark.session().conf().set(key, before);
    }
  }

  @Test
  void theSourceToPredictLacksTheLabel() throws IOException {
    Path file = write("new.csv", "age,job\n1,a\n");
    IngestSettings settings = csv(SCHEMA, file).withoutColumn("score");
    assertThat(settings.contract().names()).containsExactly("age", "job");
    assertThat(read(settings).rows().drop("_key", "_source").collectAsList())
        .containsExactly(row(1, "a"));
  }

  static Stream<Arguments> wrongSettings() {
    return Stream.of(
        Arguments.of(
            (Runnable)
                () -> FileSettings.of("csv", List.of("x"), Map.of("Mode", "x"), "a int", 2, "b"),
            """
            options.Mode is not free: Sluice sets it
            max-quarantined must be from 0 to 1, got 2.0
            key must be one of [a], got b\
            """),
        Arguments.of(
            (Runnable)
                () ->
                    FileSettings.of(
                        "csv",
                        List.of("x"),
                        Map.of(),
                        "a decimal(3,1), b array<int>",
                        Double.NaN,
                        null),
            "max-quarantined must be from 0 to 1, got NaN\n"
                + "schema: column a has the type decimal(3,1), must be one of boolean, tinyint,"
                + " smallint, int, bigint, float, double, string, date, timestamp, timestamp_ntz, binary\n"
                + "schema: column b has the type array<int>, must be one of boolean, tinyint,"
                + " smallint, int, bigint, float, double, string, date, timestamp, timestamp_ntz, binary"),
        Arguments.of(
            (Runnable)
                () -> FileSettings.of("csv", List.of("x"), Map.of(), "a int, a int", 0, null),
            "schema: column a is there twice"),
        Arguments.of(
            (Runnable) () -> FileSettings.of("csv", List.of("x"), Map.of(), "_key int", 0, null),
            "schema: column _key must not begin with an underscore, which is reserved"));
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void settingsAreChecked(Runnable settings, String message) {
    assertThatThrownBy(settings::run)
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message)
        .extracting(e -> ((InvalidInput) e).kind())
        .isEqualTo(InvalidInput.Kind.CONFIGURATION);
  }

  @Test
  void aSchemaThatIsNoDdl() {
    assertThatThrownBy(() -> FileSettings.of("csv", List.of("x"), Map.of(), "age INTEGR", 0, null))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("schema: column age has the type INTEGR; did you mean INTEGER?");
    assertThatThrownBy(
            () -> FileSettings.of("csv", List.of("x"), Map.of(), "a STRING, b STR", 0, null))
        .hasMessage(
            "schema: column b has the type STR, must be one of boolean, tinyint, smallint,"
                + " int, bigint, float, double, string, date, timestamp, timestamp_ntz, binary");
    assertThatThrownBy(
            () -> FileSettings.of("csv", List.of("x"), Map.of(), "c int, `a b` picture", 0, null))
        .hasMessage(
            "schema: column `a b` has the type PICTURE, must be one of boolean, tinyint, smallint,"
                + " int, bigint, float, double, string, date, timestamp, timestamp_ntz, binary");
  }

  private void assertRefused(Runnable read, String message) {
    assertThatThrownBy(read::run)
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message.replace("DIR", dir.toString()))
        .extracting(e -> ((InvalidInput) e).kind())
        .isEqualTo(InvalidInput.Kind.DATA);
  }

  private static Ingested read(IngestSettings settings) {
    return Ingest.read(LocalSpark.session(), settings);
  }

  /**
   * Rows to be scored, whose label is y.
   *
   * @param declared null if they are those that are needed
   */
  private static NewRows toScore(IngestSettings settings, @Nullable String declared) {
    DatasetContract contract =
        declared == null
            ? settings.contract()
            : FileSettings.of("csv", List.of("x"), Map.of(), declared, 1, null).contract();
    return NewRows.read(
        LocalSpark.session(), new NewRowsRequest(settings, contract, Set.of("y"), null));
  }

  private static IngestSettings csv(String schema, Path file, String... more) {
    String[] options = Arrays.copyOf(new String[] {"header", "true"}, 2 + more.length);
    System.arraycopy(more, 0, options, 2, more.length);
    return settings("csv", schema, file, options);
  }

  private static IngestSettings settings(
      String format, String schema, Path file, String... options) {
    Map<String, String> map = new java.util.HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    if (!format.equals("csv")) {
      map.remove("header");
    }
    return FileSettings.of(format, List.of(file.toString()), map, schema, 1, null);
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines), Charset.forName("UTF-8"));
    return file;
  }

  private Path parquet(String name, String sql) {
    Path folder = dir.resolve(name);
    LocalSpark.session().sql(sql).coalesce(1).write().parquet(folder.toString());
    return folder;
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<Row> quarantine(Ingested ingested) {
    return ingested.quarantined().orderBy("_source", "_position").collectAsList();
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }
}
