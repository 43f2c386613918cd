package sluice.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.testing.LocalSpark;

class RowKeyTest {
  private static final String DDL =
      "b boolean, y tinyint, s smallint, i int, l bigint, f float, d double, t string, day date,"
          + " ts timestamp, ntz timestamp_ntz";

  private static final List<Object> FULL =
      List.of(
          true,
          (byte) 1,
          (short) 2,
          3,
          4L,
          0.1f,
          -0.0,
          "häuser",
          LocalDate.of(2024, 2, 29),
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          LocalDateTime.of(2024, 2, 29, 12, 0));

  @Test
  void bytesAreAsWritten() {
    CanonicalBytes bytes = new CanonicalBytes();
    FULL.forEach(bytes::add);
    bytes
        .add(null)
        .add(new float[] {1f})
        .add(new int[] {})
        .add(new double[] {Double.NaN})
        .add(new byte[] {1, -1});
    assertThat(HexFormat.of().formatHex(bytes.toArray()))
        .isEqualTo(
            "0101"
                + "0201"
                + "030002"
                + "0400000003"
                + "050000000000000004"
                + "063dcccccd"
                + "078000000000000000"
                + "080000000768c3a475736572"
                + "090000000000004d46"
                + "0affffffffffffffff"
                + "0b00061283ffaff000"
                + "00"
                + "0c00000001"
                + "063f800000"
                + "0c00000000"
                + "0c00000001"
                + "077ff8000000000000"
                + "0d0000000201ff");
  }

  @Test
  void everyNaNIsOneAndEveryLengthFits() {
    assertThat(new CanonicalBytes().add(Float.intBitsToFloat(0x7fc00001)).toArray())
        .isEqualTo(new CanonicalBytes().add(Float.NaN).toArray());
    for (int length : new int[] {250, 251, 252, 5000}) {
      byte[] bytes = new CanonicalBytes().add("x".repeat(length)).toArray();
      assertThat(new String(bytes, 5, length, StandardCharsets.UTF_8))
          .isEqualTo("x".repeat(length));
      assertThat(bytes).hasSize(5 + length);
    }
  }

  @Test
  void facesAgree() {
    StructType schema = StructType.fromDDL(DDL);
    List<String> columns = List.of(schema.fieldNames());
    List<Row> rows =
        List.of(
            RowFactory.create(FULL.toArray()),
            RowFactory.create(new Object[FULL.size()]),
            RowFactory.create(
                false,
                (byte) -1,
                (short) -1,
                -1,
                -1L,
                Float.NaN,
                Double.NaN,
                "",
                LocalDate.MIN.withYear(1),
                Instant.EPOCH,
                LocalDateTime.of(1, 1, 1, 0, 0)));
    List<Row> hashed =
        LocalSpark.session()
            .createDataFrame(rows, schema)
            .select(RowKey.of(columns))
            .collectAsList();
    for (int i = 0; i < rows.size(); i++) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (int c = 0; c < columns.size(); c++) {
        values.put(columns.get(c), rows.get(i).get(c));
      }
      assertThat(hashed.get(i).<byte[]>getAs(0))
          .isEqualTo(RowKey.of(RawRecord.of(values), columns))
          .hasSize(20)
          .endsWith(0, 0, 0, 0);
    }
  }

  /** What every version must say of these rows: the form is final. */
  @Test
  void keysAreWhatTheyAlwaysWere() {
    byte[] key = RowKey.of(record("a", 1, "b", "x"), List.of("a", "b"));
    assertThat(RowKey.text(key)).isEqualTo("7f071a2d83540459cb48bc4afae8528c#0");
    assertThat(RowKey.seededHash(42, "split", Arrays.copyOf(key, 16)))
        .isEqualTo(-8511959012815369935L);
    assertThat(RowKey.text(RowKey.of(record(), List.of())))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb924#0");
  }

  @Test
  void equalRowsAreNumbered() {
    List<String> columns = List.of("a", "b");
    Dataset<Row> keyed =
        table(
                "_source string, a int, b string",
                row("y", 1, null),
                row("x", 1, null),
                row("x", null, "1"),
                row("z", 1, null))
            .withColumn("_key", RowKey.of(columns));
    Dataset<Row> numbered = numbered(keyed);
    assertThat(numbered.columns()).containsExactly("_source", "a", "b", "_key");
    String equal = hex(record("a", 1, "b", null), columns);
    String other = hex(record("a", null, "b", "1"), columns);
    assertThat(
            numbered
                .select(RowKey.text(functions.col("_key")), functions.col("_source"))
                .collectAsList())
        .containsExactlyInAnyOrder(
            row(equal + "#0", "x"),
            row(equal + "#1", "y"),
            row(equal + "#2", "z"),
            row(other + "#0", "x"));
    assertThat(numbered.select(RowKey.content(functions.col("_key"))).distinct().count())
        .isEqualTo(2);
    for (Dataset<Row> single :
        List.of(keyed.filter("_source <> 'y' and _source <> 'z'"), keyed.limit(0))) {
      RowKey.number(single, rows -> fail("each of these keys is there once"));
    }
  }

  @Test
  void datesFollowTheNumber() {
    LocalDate date = LocalDate.of(1969, 12, 30);
    Dataset<Row> keyed =
        table("_source string, a int", row("x", 1), row("x", 1), row("y", 2))
            .withColumn("_key", RowKey.of(List.of("a")))
            .withColumn("_key", RowKey.dated(date));
    List<String> columns = List.of("a");
    assertThat(numbered(keyed).select(RowKey.text(functions.col("_key"))).collectAsList())
        .containsExactlyInAnyOrder(
            row(hex(record("a", 1), columns) + "#0@1969-12-30"),
            row(hex(record("a", 1), columns) + "#1@1969-12-30"),
            row(hex(record("a", 2), columns) + "#0@1969-12-30"));
    assertThat(keyed.select(RowKey.content(functions.col("_key"))).distinct().count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void keysDoNotDependOnPartitions(int partitions) {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 200, 1, 3)
            .selectExpr("cast(id % 7 as string) as _source", "id % 5 as a")
            .withColumn("_key", RowKey.of(List.of("a")));
    String expected = Digest.of(numbered(rows), "_key");
    assertThat(Digest.of(numbered(rows.repartition(partitions)), "_key")).isEqualTo(expected);
  }

  @Test
  void aNamedKeyMustIdentify() {
    Dataset<Row> keyed =
        table(
            "_key string, a int",
            row("p", 1),
            row(null, 1),
            row("q", 1),
            row("p", 2),
            row("r", 1),
            row("r", 1),
            row("r", 1),
            row(null, 3));
    assertThatThrownBy(() -> RowKey.requireUnique(keyed, "id"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "key column id is missing in 2 rows\n"
                + "key column id must be unique, found \"p\" in 2 rows, \"r\" in 3 rows");
    RowKey.requireUnique(keyed.filter("a = 1 and _key in ('p', 'q')"), "id");
  }

  @Test
  void noOtherBytesAreAKey() {
    assertThatThrownBy(() -> RowKey.text(new byte[19]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no key has 19 bytes");
  }

  @Test
  void seededHashesAreFixedAndEven() {
    assertThat(RowKey.seededHash(42, "split", utf8("a")))
        .isEqualTo(RowKey.seededHash(42, "split", utf8("a")))
        .isNotEqualTo(RowKey.seededHash(43, "split", utf8("a")))
        .isNotEqualTo(RowKey.seededHash(42, "splita", utf8("")))
        .isNotEqualTo(RowKey.seededHash(42, "split", utf8("b")));
    int[] buckets = new int[16];
    for (int i = 0; i < 16_000; i++) {
      buckets[(int) (RowKey.seededHash(1, "t", utf8("k" + i)) >>> 60)]++;
    }
    // Five standard deviations of a binomial with 16,000 draws and 1 in 16.
    assertThat(Arrays.stream(buckets)).allMatch(n -> Math.abs(n - 1000) < 155);
    assertThat(
            table("k string", row("a"), row("ä"))
                .select(RowKey.seededHash(7, "s", functions.col("k")))
                .collectAsList())
        .containsExactly(
            row(RowKey.seededHash(7, "s", utf8("a"))), row(RowKey.seededHash(7, "s", utf8("ä"))));
  }

  @Test
  void digestsSeeEveryBitAndNothingElse() {
    Dataset<Row> rows =
        table(
            "k string, f array<float>, x double",
            row("a", List.of(1f, 2f), 0.0),
            row("b", null, Double.NaN),
            row("c", List.of(), null));
    String digest = Digest.of(rows, "k");
    assertThat(digest).matches("[0-9a-f]{64}");
    for (int partitions : new int[] {1, 2, 7}) {
      assertThat(Digest.of(rows.repartition(partitions), "k")).isEqualTo(digest);
    }
    Dataset<Row> notNull =
        rows.withColumn("k", functions.coalesce(functions.col("k"), functions.lit("")));
    assertThat(notNull.schema()).isNotEqualTo(rows.schema());
    assertThat(Digest.of(notNull, "k")).isEqualTo(digest);
    assertThat(Digest.of(rows.withColumn("x", functions.col("x").multiply(-1)), "k"))
        .isNotEqualTo(digest);
    assertThat(Digest.of(rows.withColumnRenamed("x", "y"), "k")).isNotEqualTo(digest);
    assertThat(Digest.of(rows.select("k", "x", "f"), "k")).isNotEqualTo(digest);
    assertThat(Digest.of(rows.limit(0), "k")).isNotEqualTo(digest).hasSize(64);
    assertThat(Digest.of(rows.union(rows), "k")).isNotEqualTo(digest);
  }

  /** What is handed on, computed while it may be. */
  private static Dataset<Row> numbered(Dataset<Row> rows) {
    List<Row> all = new ArrayList<>();
    RowKey.number(rows, numbered -> all.addAll(numbered.collectAsList()));
    return LocalSpark.session().createDataFrame(all, rows.schema());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(RawRecord record, List<String> columns) {
    return HexFormat.of().formatHex(RowKey.of(record, columns), 0, 16);
  }

  private static Row row(@Nullable Object... values) {
    return RowFactory.create(values);
  }

  private static RawRecord record(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return RawRecord.of(values);
  }

  private static Dataset<Row> table(String ddl, Row... rows) {
    return LocalSpark.session().createDataFrame(List.of(rows), StructType.fromDDL(ddl));
  }
}
