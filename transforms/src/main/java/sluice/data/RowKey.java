package sluice.data;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.udf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * What identifies a row, as bytes: the first 128 bits of the SHA-256 of the {@link CanonicalBytes}
 * of its values, or of the one value that the user names as the key; then four bytes, big-endian,
 * that number equal rows from 0. Where rows of several dates meet, four bytes follow with the days
 * since 1970. A key is independent of partitions and of the order of rows.
 *
 * <p>As text, in users' files and messages, it is {@code <content>#<n>}, the content in 32
 * hexadecimal digits, and {@code @<date>} where it has one. This form is final: a key names the
 * same row in every version.
 */
public final class RowKey {
  private static final int CONTENT = 16;
  private static final int NUMBERED = CONTENT + Integer.BYTES;
  private static final int DATED = NUMBERED + Integer.BYTES;
  private static final int EXAMPLES = 3;

  /** So many keys that occur more than once go to every task. */
  private static final int BROADCAST = 1 << 20;

  private RowKey() {}

  /** The key of a record by these columns in this order, if it is the first of its content. */
  public static byte[] of(RawRecord row, List<String> columns) {
    CanonicalBytes bytes = new CanonicalBytes();
    columns.forEach(column -> bytes.add(row.value(column)));
    return first(bytes.toArray());
  }

  /** The key of a row by these columns in this order, numbered 0: one fused pass. */
  public static Column of(List<String> columns) {
    UDF1<Row, byte[]> key = row -> first(CanonicalBytes.of(row));
    return columns.isEmpty()
        ? lit(first(new byte[0]))
        : udf(key, DataTypes.BinaryType).apply(Columns.row(Columns.named(columns)));
  }

  private static byte[] first(byte[] canonical) {
    return Arrays.copyOf(Arrays.copyOf(Sha256.of(canonical), CONTENT), NUMBERED);
  }

  /**
   * Hands on rows whose equal ones have numbers of their own, by {@link DatasetContract#SOURCE}, to
   * be computed at once; nothing if each key is there once. Starts a job that reads the keys alone;
   * rows whose key is there once are neither sorted nor exchanged.
   *
   * @param rows have {@link DatasetContract#KEY}, numbered 0, and the source; read several times
   */
  public static void number(Dataset<Row> rows, Consumer<Dataset<Row>> numbered) {
    Column key = col(DatasetContract.KEY);
    Dataset<Row> repeated =
        rows.groupBy(key)
            .agg(count(lit(1)).as("_rows"))
            .filter(col("_rows").gt(1))
            .select(key)
            .persist();
    try {
      long keys = repeated.count();
      if (keys == 0) {
        return;
      }
      Dataset<Row> few = keys <= BROADCAST ? broadcast(repeated) : repeated;
      UDF2<byte[], Integer, byte[]> number =
          (first, n) -> ByteBuffer.wrap(first.clone()).putInt(CONTENT, n).array();
      Column occurrence =
          row_number().over(Window.partitionBy(key).orderBy(col(DatasetContract.SOURCE)));
      Column[] columns = Columns.named(List.of(rows.columns()));
      String[] byKey = {DatasetContract.KEY};
      numbered.accept(
          rows.join(few, byKey, "left_anti")
              .select(columns)
              .unionAll(
                  rows.join(few, byKey, "left_semi")
                      .withColumn("_n", occurrence.minus(lit(1)))
                      .withColumn(
                          DatasetContract.KEY,
                          udf(number, DataTypes.BinaryType).apply(key, col("_n")))
                      .select(columns)));
    } finally {
      repeated.unpersist();
    }
  }

  /**
   * Runs a job that finds out whether each row has a key of its own.
   *
   * @param rows what the user named as the key, as text, in {@link DatasetContract#KEY}
   * @param column the column that the user named, for messages
   * @throws InvalidInput (data) if a key is missing or occurs twice; gives examples
   */
  public static void requireUnique(Dataset<Row> rows, String column) {
    Column key = col(DatasetContract.KEY);
    List<Row> offending =
        rows.groupBy(key)
            .agg(count(lit(1)).as("rows"))
            .filter(col("rows").gt(1).or(key.isNull()))
            .orderBy(key.asc_nulls_first())
            .limit(EXAMPLES + 1)
            .collectAsList();
    List<String> problems = new ArrayList<>();
    offending.stream()
        .filter(row -> row.isNullAt(0))
        .map(row -> "key column %s is missing in %s rows".formatted(column, row.getLong(1)))
        .forEach(problems::add);
    String twice =
        offending.stream()
            .filter(row -> !row.isNullAt(0))
            .limit(EXAMPLES)
            .map(row -> "\"%s\" in %s rows".formatted(row.getString(0), row.getLong(1)))
            .collect(Collectors.joining(", "));
    if (!twice.isEmpty()) {
      problems.add("key column %s must be unique, found %s".formatted(column, twice));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.data(problems);
    }
  }

  /** The key of a row among those of other dates. */
  public static Column dated(LocalDate date) {
    byte[] days = ByteBuffer.allocate(Integer.BYTES).putInt((int) date.toEpochDay()).array();
    return concat(col(DatasetContract.KEY), lit(days));
  }

  /** The part of a key that equal rows share, whatever their dates: its first 16 bytes. */
  public static Column content(Column key) {
    return substring(key, 1, CONTENT);
  }

  /** A key as users see it. */
  public static String text(byte[] key) {
    if (key.length != NUMBERED && key.length != DATED) {
      throw new IllegalArgumentException("no key has " + key.length + " bytes");
    }
    ByteBuffer numbers = ByteBuffer.wrap(key);
    return HexFormat.of().formatHex(key, 0, CONTENT)
        + "#"
        + numbers.getInt(CONTENT)
        + (key.length == DATED ? "@" + LocalDate.ofEpochDay(numbers.getInt(NUMBERED)) : "");
  }

  /** A key as users see it; a text, as new rows have it, is one already. */
  public static Column text(Column key) {
    UDF1<Object, String> text = any -> any instanceof byte[] bytes ? text(bytes) : (String) any;
    return udf(text, DataTypes.StringType).apply(key);
  }

  /**
   * A number that depends on nothing but these three and spreads evenly over all longs: the first
   * eight bytes, big-endian, of the SHA-256 of the seed (eight bytes), the stage's length (four
   * bytes), the stage and the bytes that are given. This form is final too: parts of a split stay
   * what they are.
   *
   * @param stage what the number is for, so that two uses of one seed are independent
   * @param bytes of a key, or its {@link #content} where equal rows are to get equal numbers
   */
  public static long seededHash(long seed, String stage, byte[] bytes) {
    byte[] use = stage.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + use.length + bytes.length)
            .putLong(seed)
            .putInt(use.length)
            .put(use)
            .put(bytes);
    return ByteBuffer.wrap(Sha256.of(all.array())).getLong();
  }

  /** The same number for each row, of a column of bytes, or of texts in UTF-8, without nulls. */
  public static Column seededHash(long seed, String stage, Column bytes) {
    UDF1<byte[], Long> hash = each -> seededHash(seed, stage, each);
    return udf(hash, DataTypes.LongType).apply(bytes.cast(DataTypes.BinaryType));
  }
}
