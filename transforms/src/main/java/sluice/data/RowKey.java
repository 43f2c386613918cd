package sluice.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * What identifies a row: {@code <content>#<n>}, where the content part is the first 128 bits of the
 * SHA-256 of the row's {@link CanonicalBytes}, in 32 hexadecimal digits, and n counts equal rows
 * from 0; or else the value of a column that the user names. Either is independent of partitions
 * and of the order of rows. Where rows of several dates meet, {@code @<date>} follows.
 */
public final class RowKey {
  private static final String DATE = "@[0-9]{4}-[0-9]{2}-[0-9]{2}";
  private static final Pattern CONTENT_KEY = Pattern.compile("([0-9a-f]{32})#[0-9]+");
  private static final Pattern DATED = Pattern.compile("(?s)(.*)" + DATE);
  private static final int EXAMPLES = 3;

  private RowKey() {}

  /** The content part of the key of a record, over these columns in this order. */
  public static String hash(RawRecord row, List<String> columns) {
    CanonicalBytes bytes = new CanonicalBytes();
    columns.forEach(column -> bytes.add(row.value(column)));
    return hex(bytes.toArray());
  }

  /** The content part of the key of a row, over these columns in this order: one fused pass. */
  public static Column hash(List<String> columns) {
    UDF1<Row, String> hash = row -> hex(CanonicalBytes.of(row));
    return columns.isEmpty()
        ? lit(hex(new byte[0]))
        : udf(hash, DataTypes.StringType).apply(Columns.row(Columns.named(columns)));
  }

  /**
   * Rows with {@link DatasetContract#KEY} added: the hash of these columns and the number among
   * equal rows, which follow each other by {@link DatasetContract#SOURCE}.
   *
   * @param rows have the columns and the source
   */
  public static Dataset<Row> byContent(Dataset<Row> rows, List<String> columns) {
    Column occurrence =
        row_number()
            .over(
                Window.partitionBy(col(DatasetContract.KEY)).orderBy(col(DatasetContract.SOURCE)));
    return rows.withColumn(DatasetContract.KEY, hash(columns))
        .withColumn(
            DatasetContract.KEY,
            concat(
                col(DatasetContract.KEY),
                lit("#"),
                occurrence.minus(lit(1)).cast(DataTypes.StringType)));
  }

  /**
   * Rows with {@link DatasetContract#KEY} added: the text of a column. Whether it identifies rows
   * is checked by {@link #requireUnique}.
   */
  public static Dataset<Row> byColumn(Dataset<Row> rows, String column) {
    return rows.withColumn(DatasetContract.KEY, Columns.named(column).cast(DataTypes.StringType));
  }

  /**
   * Runs a job that finds out whether each row has a key of its own.
   *
   * @param column the column that the user named as the key, for messages
   * @throws InvalidInput (data) if a key is missing or occurs twice; gives examples
   */
  public static void requireUnique(Dataset<Row> rows, String column) {
    List<Row> offending =
        rows.groupBy(col(DatasetContract.KEY))
            .agg(count(lit(1)).as("rows"))
            .filter(col("rows").gt(1).or(col(DatasetContract.KEY).isNull()))
            .orderBy(col(DatasetContract.KEY).asc_nulls_first())
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
    return concat(col(DatasetContract.KEY), lit("@" + date));
  }

  /**
   * The part of a key that equal rows share, whatever their dates: what stands before the number,
   * or the whole of what stands before the date.
   */
  public static String content(String key) {
    var dated = DATED.matcher(key);
    String undated = dated.matches() ? dated.group(1) : key;
    var matcher = CONTENT_KEY.matcher(undated);
    return matcher.matches() ? matcher.group(1) : undated;
  }

  /** The part of a key that equal rows share. */
  public static Column content(Column key) {
    Column undated = functions.regexp_replace(key, DATE + "\\z", "");
    return functions.regexp_replace(undated, "^" + CONTENT_KEY.pattern() + "\\z", "$1");
  }

  /**
   * A number that depends on nothing but these three and spreads evenly over all longs: the first
   * eight bytes, big-endian, of the SHA-256 of the seed (eight bytes), the stage's length (four
   * bytes), the stage and the key (UTF-8).
   *
   * @param stage what the number is for, so that two uses of one seed are independent
   * @param contentKey from {@link #content(String)}, where equal rows are to get equal numbers
   */
  public static long seededHash(long seed, String stage, String contentKey) {
    byte[] use = stage.getBytes(StandardCharsets.UTF_8);
    byte[] key = contentKey.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + use.length + key.length)
            .putLong(seed)
            .putInt(use.length)
            .put(use)
            .put(key);
    return ByteBuffer.wrap(Sha256.of(bytes.array())).getLong();
  }

  /** The same number for each row, of a column of strings without nulls. */
  public static Column seededHash(long seed, String stage, Column contentKey) {
    UDF1<String, Long> hash = key -> seededHash(seed, stage, key);
    return udf(hash, DataTypes.LongType).apply(contentKey);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes), 0, 16);
  }
}
