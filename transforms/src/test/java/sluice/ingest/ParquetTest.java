package sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.testing.FileSettings;
import sluice.testing.LocalSpark;

/** Parquet files that other programs write, damaged ones, and values that text cannot be. */
class ParquetTest {
  private static final Configuration HADOOP = new Configuration();

  /**
   * Written by pyarrow 26 of {@code pa.table({'age': pa.array([1], pa.int32()), 'f16':
   * pa.array(np.array([1], np.float16))})} without statistics, dictionary and schema of Arrow.
   */
  private static final String WITH_FLOAT16 =
      "UEFSMRUAFRQVFCwVAhUAFQYVBhwAAAACAAAAAgEBAAAAFQAVEBUQLBUCFQAVBhUGHAAAAAIAAAACAQA8FQQZPDUA"
          + "GAZzY2hlbWEVBAAVAiUCGANhZ2UAFQ4VBBUCGANmMTZs/AAAABYCGRwZLCYAHBUCGSUGABkYA2FnZRUAFgIW"
          + "OhY6JghJHBUAFQAVAgA8KQYZJgACAAAAJgAcFQ4ZJQYAGRgDZjE2FQAWAhY2FjYmQkkcFQAVABUCADwpBhkm"
          + "AAIAAAAWcBYCJggWcAAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAvQAAAFBB"
          + "UjE=";

  @TempDir Path dir = Path.of("");

  @Test
  void whatTextCannotBeIsAMalformedRecord() throws IOException {
    LocalSpark.session()
        .sql(
            """
            select /*+ coalesce(1) */ cast(id as int) as n, s, d, t, u from values
              (1, 'caf\u00e9 \ufffd', date'0001-01-01', timestamp'0001-01-01 00:00:00Z',
                timestamp_ntz'9999-12-31 23:59:59.999999'),
              (2, cast(unhex('636166e9') as string), null, null, null),
              (3, cast(unhex('eda080') as string), date_from_unix_date(2932897), null, null),
              (4, 'x', date_from_unix_date(-719163), timestamp_micros(9223372036854775807), null),
              (5, 'x', date_from_unix_date(2147483647), timestamp_micros(-9223372036854775807),
                cast(timestamp_micros(253402300800000000) as timestamp_ntz)),
              (6, null, date'9999-12-31', timestamp'9999-12-31 23:59:59.999999Z', null)
              as rows(id, s, d, t, u)
            """)
        .write()
        .parquet(dir.resolve("t").toString());
    String schema = "n INT, s STRING, d DATE, t TIMESTAMP, u TIMESTAMP_NTZ";
    Ingested ingested = read(schema, dir.resolve("t"));
    assertThat(ingested.rows().select("n", "s", "d", "t", "u").orderBy("n").collectAsList())
        .containsExactly(
            row(
                1,
                "caf\u00e9 \ufffd",
                LocalDate.of(1, 1, 1),
                Instant.parse("0001-01-01T00:00:00Z"),
                LocalDateTime.parse("9999-12-31T23:59:59.999999")),
            row(
                6,
                null,
                LocalDate.of(9999, 12, 31),
                Instant.parse("9999-12-31T23:59:59.999999Z"),
                null));
    String file = onlyFile("t").toString();
    assertThat(ingested.quarantined().orderBy("_position").collectAsList())
        .containsExactly(
            row(file, 2L, "{\"n\":2,\"s\":\"caf\ufffd\"}", "s: bytes that are not UTF-8"),
            row(
                file,
                3L,
                "{\"n\":3,\"s\":\"\ufffd\",\"d\":\"+10000-01-01\"}",
                "s: bytes that are not UTF-8; d: +10000-01-01 is no date"),
            row(
                file,
                4L,
                "{\"n\":4,\"s\":\"x\",\"d\":\"0000-12-31\",\"t\":\"+294247-01-10T04:00:54.775Z\"}",
                "d: 0000-12-31 is no date; t: +294247-01-10T04:00:54.775807Z is no timestamp"),
            row(
                file,
                5L,
                "{\"n\":5,\"s\":\"x\",\"d\":\"+5881580-07-11\","
                    + "\"t\":\"-290308-12-21T19:59:05.224Z\",\"u\":\"+10000-01-01T00:00:00.000\"}",
                "d: +5881580-07-11 is no date; t: -290308-12-21T19:59:05.224193Z is no timestamp;"
                    + " u: +10000-01-01T00:00 is no timestamp_ntz"));
    assertThat(ingested.check(ingested.rows(), ingested.quarantined()))
        .isEqualTo(new Ingested.Counts(2, 4));
    NewRows scored = toScore("n INT, s STRING", null, dir.resolve("t"));
    assertThat(scored.rows().select("_position", "n").orderBy("n").collectAsList())
        .containsExactly(row(1L, 1), row(4L, 4), row(5L, 5), row(6L, 6));
    assertThat(
            scored
                .quarantined()
                .select("_position", "_reason")
                .orderBy("_position")
                .collectAsList())
        .containsExactly(
            row(2L, "s: bytes that are not UTF-8"), row(3L, "s: bytes that are not UTF-8"));
  }

  @Test
  void aDamagedValueIsToldBeforeARowIsTaken() throws IOException {
    String numbers = "message m { required int32 n; }";
    List<Integer> few = IntStream.range(0, 400).mapToObj(i -> i % 5).toList();
    Path page = dir.resolve("page.parquet");
    write(page, numbers, builder -> builder, "n", few);
    spoilLastByteOfColumn(page);
    Path index = dir.resolve("index.parquet");
    write(index, numbers, builder -> builder.withPageWriteChecksumEnabled(false), "n", few);
    spoilLastByteOfColumn(index);
    assertThat(damage("n INT", page))
        .isEqualTo(
            "not a readable Parquet file: could not verify page integrity, CRC checksum"
                + " verification failed");
    assertThat(damage("n INT", index))
        .isEqualTo("not a readable Parquet file: column n: index 6 of a dictionary of 5 values");
    Path millis = dir.resolve("millis.parquet");
    write(
        millis,
        "message m { required int64 t (TIMESTAMP(MILLIS,true)); }",
        builder -> builder,
        "t",
        List.of(0L, 1L << 62));
    assertThat(damage("t TIMESTAMP", millis))
        .isEqualTo(
            "not a readable Parquet file: column t: 4611686018427387904 times 1000 microseconds"
                + " are beyond all timestamps");
    Path int96 = dir.resolve("int96.parquet");
    write(
        int96,
        "message m { required int96 t; }",
        builder -> builder,
        "t",
        List.of(Binary.fromConstantByteArray(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64})));
    assertThat(damage("t TIMESTAMP", int96))
        .isEqualTo(
            "not a readable Parquet file: column t: 1071301236 times 86400000000 microseconds are"
                + " beyond all timestamps");
  }

  @Test
  void anEncodingThatSparksVectorisedReaderDoesNotKnow() throws IOException {
    Path file = dir.resolve("split.parquet");
    write(
        file,
        "message m { required double f; optional int32 n; }",
        builder -> builder.withByteStreamSplitEncoding(true).withDictionaryEncoding(false),
        "f",
        List.of(0.5, -2.0));
    assertThat(read("f DOUBLE", file).rows().select("f").collectAsList())
        .containsExactlyInAnyOrder(row(0.5), row(-2.0));
    assertThat(toScore("f DOUBLE", null, file).rows().select("_position", "f").collectAsList())
        .containsExactly(row(1L, 0.5), row(2L, -2.0));
    DatasetContract contract = settings("f DOUBLE", file).contract();
    String address = file.toUri().toString();
    assertThat(new ParquetCheck(Set.of("f"), contract).content(address, HADOOP))
        .isEqualTo(new ParquetCheck.Content(file.toString(), false, false));
    assertThat(new ParquetCheck(Set.of("n"), contract).content(address, HADOOP))
        .isEqualTo(new ParquetCheck.Content(file.toString(), false, true));
  }

  /** The check of a file and that of its rows agree on what is malformed. */
  @Test
  void aFileThatHasAMalformedValueHasAMalformedRow() throws IOException {
    String schema =
        """
        message m {
          optional int64 n; optional binary s (STRING); optional int32 d (DATE);
          optional int64 t (TIMESTAMP(MICROS,true)); optional int64 m (TIMESTAMP(MILLIS,true));
          optional int64 u (TIMESTAMP(MICROS,false));
        }
        """;
    long day = 86_400_000_000L;
    Map<String, List<?>> wellFormed =
        Map.of(
            "s", List.of(Binary.fromString("\ufffd"), Binary.fromString("")),
            "d", List.of(-719_162, 2_932_896),
            "t", List.of(-719_162 * day, 2_932_897 * day - 1),
            "m", List.of(-719_162 * day / 1000, 2_932_897 * day / 1000 - 1),
            "u", List.of(-719_162 * day, 2_932_897 * day - 1));
    Map<String, List<?>> malformed =
        Map.of(
            "s",
                List.of(
                    Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xE9}),
                    Binary.fromConstantByteArray(
                        new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80})),
            "d", List.of(-719_163, 2_932_897),
            "t", List.of(-719_162 * day - 1, 2_932_897 * day),
            "m", List.of(-719_162 * day / 1000 - 1, 2_932_897 * day / 1000),
            "u", List.of(-719_162 * day - 1, 2_932_897 * day));
    DatasetContract contract =
        settings("n LONG, s STRING, d DATE, t TIMESTAMP, m TIMESTAMP, u TIMESTAMP_NTZ", dir)
            .contract();
    ParquetCheck check = new ParquetCheck(Set.copyOf(contract.names()), contract);
    List<String> found = new ArrayList<>();
    for (Map<String, List<?>> values : List.of(wellFormed, malformed)) {
      for (Map.Entry<String, List<?>> column : values.entrySet()) {
        for (Object value : column.getValue()) {
          Path file = dir.resolve("%s %s.parquet".formatted(column.getKey(), found.size()));
          write(file, schema, builder -> builder, column.getKey(), List.of(value));
          boolean isMalformed = check.content(file.toUri().toString(), HADOOP).malformed();
          assertThat(isMalformed).as(file.toString()).isEqualTo(values == malformed);
          found.add(file.getFileName() + " " + isMalformed);
        }
      }
    }
    assertThat(
            LocalSpark.session()
                .read()
                .schema(contract.ddl())
                .parquet(dir.toString())
                .select(
                    functions.col("_metadata.file_name"),
                    ParquetValues.reason(contract).notEqual(""))
                .collectAsList())
        .extracting(row -> row.getString(0).replace("%20", " ") + " " + row.getBoolean(1))
        .containsExactlyInAnyOrderElementsOf(found);
  }

  @Test
  void aLogicalTypeThatIsNewerThanTheReader() throws IOException {
    Path file = dir.resolve("f16.parquet");
    Files.write(file, Base64.getDecoder().decode(WITH_FLOAT16));
    Ingested none = read("age INT", file);
    assertThatThrownBy(() -> none.check(none.rows(), none.quarantined()))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            """
            %1$s: no rows, 1 records are quarantined
            %1$s: not a readable Parquet file: column f16 has a logical type that this version \
            does not know"""
                .formatted(file));
  }

  @Test
  void aFurtherColumnThatSparkDoesNotReadIsLeftOutAndSaid() throws IOException {
    Path file = dir.resolve("nanos.parquet");
    write(
        file,
        """
        message m {
          required double x;
          optional int64 at (TIMESTAMP(NANOS,false));
          optional group times { optional int64 of (TIME(MICROS,true)); }
          optional int32 more;
        }
        """,
        builder -> builder,
        "x",
        List.of(1.0, 2.0));
    assertThat(read("x DOUBLE", file).rows().count()).isEqualTo(2);
    NewRows scored = toScore("x DOUBLE", null, file);
    assertThat(scored.columns()).containsExactly("x", "more");
    assertThat(scored.rows().select("x", "more").collectAsList())
        .containsExactlyInAnyOrder(row(1.0, null), row(2.0, null));
    String at = file + ": column at is optional int64 at (TIMESTAMP(NANOS,false))";
    assertThat(scored.notes().get())
        .containsExactly(
            "left out: " + at + ", which Spark does not read",
            "left out: "
                + file
                + ": column times is optional group times { optional int64 of (TIME(MICROS,true));"
                + " }, which Spark does not read");
    NewRows kept = toScore("x DOUBLE", List.of("x"), file);
    assertThat(kept.columns()).containsExactly("x");
    assertThat(kept.notes().get()).isEmpty();
    assertThatThrownBy(() -> toScore("x DOUBLE", List.of("x", "at"), file))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("predict.keep: " + at + ", which Spark does not read");
  }

  @Test
  void oneFileMayRequireWhatAnotherLacks() {
    Path both = dir.resolve("both");
    LocalSpark.session()
        .sql("select /*+ coalesce(1) */ 1D as x, 7L as n, array(1) as l, struct(2 as of) as s")
        .write()
        .parquet(both.resolve("1").toString());
    LocalSpark.session()
        .sql(
            """
            select /*+ coalesce(1) */ 2D as x, array(3, cast(null as int)) as l,
              struct(cast(null as int) as of) as s
            """)
        .write()
        .parquet(both.resolve("2").toString());
    NewRows scored = toScore("x DOUBLE", null, both);
    assertThat(
            scored.rows().selectExpr("x", "n", "to_json(l)", "s.of").orderBy("x").collectAsList())
        .containsExactly(row(1.0, 7L, "[1]", 2), row(2.0, null, "[3,null]", null));
  }

  private static String damage(String schema, Path file) {
    List<Row> quarantined = read(schema, file).quarantined().collectAsList();
    assertThat(quarantined).extracting(row -> row.getString(0)).containsExactly(file.toString());
    return quarantined.get(0).getString(3);
  }

  /** Writes rows of which one column has values, by the library that Spark writes with. */
  private static void write(
      Path file,
      String schema,
      UnaryOperator<ExampleParquetWriter.Builder> settings,
      String column,
      List<?> values)
      throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(
            HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), HADOOP));
    try (ParquetWriter<Group> writer = settings.apply(builder.withType(type)).build()) {
      for (Object value : values) {
        Group row = new SimpleGroup(type);
        if (value instanceof Integer number) {
          row.add(column, number);
        } else if (value instanceof Long number) {
          row.add(column, number);
        } else if (value instanceof Double number) {
          row.add(column, number);
        } else {
          row.add(column, (Binary) value);
        }
        writer.write(row);
      }
    }
  }

  /** Sets the last bits of a column, which are those of indices. */
  private static void spoilLastByteOfColumn(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), HADOOP))) {
      ColumnChunkMetaData column = reader.getFooter().getBlocks().get(0).getColumns().get(0);
      bytes[Math.toIntExact(column.getStartingPos() + column.getTotalSize()) - 1] = (byte) 0xff;
    }
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private Path onlyFile(String folder) throws IOException {
    try (var files = Files.list(dir.resolve(folder))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Ingested read(String schema, Path file) {
    return Ingest.read(LocalSpark.session(), settings(schema, file));
  }

  private static NewRows toScore(String schema, @Nullable List<String> keep, Path file) {
    IngestSettings settings = settings(schema, file);
    return NewRows.read(
        LocalSpark.session(), new NewRowsRequest(settings, settings.contract(), Set.of(), keep));
  }

  private static IngestSettings settings(String schema, Path file) {
    return FileSettings.of("parquet", List.of(file.toString()), Map.of(), schema, 1, null);
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }
}
