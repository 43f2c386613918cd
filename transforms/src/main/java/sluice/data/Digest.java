package sluice.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What "the same table" means: SHA-256 over the columns' names and types in order, and over the
 * rows' {@link CanonicalBytes} sorted by key; of a record whether it is there, and its values. It
 * depends neither on partitions and files nor on whether a schema calls a column nullable.
 */
public final class Digest {
  private static final Pattern PLAIN = Pattern.compile("[a-z]+");

  private Digest() {}

  /**
   * The digest of a table in lower-case hexadecimal. Rows are hashed where they are; the driver
   * sees 32 bytes of each, one partition at a time.
   *
   * @param keyColumn what rows are sorted by; rows of one key are sorted by their hash
   * @throws InvalidInput (data) if a column holds anything but values, arrays of them, or records
   *     of these whose names are lower-case letters
   */
  public static String of(Dataset<Row> rows, String keyColumn) {
    MessageDigest digest = Sha256.start();
    CanonicalBytes schema = new CanonicalBytes();
    List<Column> values = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      schema.add(field.name()).add(field.dataType().simpleString());
      values.addAll(values(field));
    }
    digest.update(Sha256.of(schema.toArray()));

    UDF1<Row, byte[]> hash = row -> Sha256.of(CanonicalBytes.of(row));
    Iterator<Row> hashes =
        rows.select(
                Columns.named(keyColumn).as("key"),
                udf(hash, DataTypes.BinaryType)
                    .apply(Columns.row(values.toArray(Column[]::new)))
                    .as("hash"))
            .orderBy(col("key"), col("hash"))
            .select(col("hash"))
            .toLocalIterator();
    while (hashes.hasNext()) {
      digest.update((byte[]) hashes.next().get(0));
    }
    return Sha256.finish(digest);
  }

  /**
   * The values of a column. A record is taken apart: within the record that the hash is made of it
   * would have names of its own, see {@link Columns#row}.
   */
  private static List<Column> values(StructField field) {
    Column column = Columns.named(field.name());
    if (field.dataType() instanceof StructType record
        && Arrays.stream(record.fieldNames()).allMatch(PLAIN.asMatchPredicate())) {
      List<Column> values = new ArrayList<>(List.of(column.isNotNull()));
      for (StructField each : record.fields()) {
        requireValues(each.dataType(), field.name());
        values.add(column.getField(each.name()));
      }
      return values;
    }
    requireValues(field.dataType(), field.name());
    return List.of(column);
  }

  private static void requireValues(DataType type, String column) {
    DataType values = type;
    while (values instanceof ArrayType array) {
      values = array.elementType();
    }
    if (values instanceof StructType || values instanceof MapType) {
      throw InvalidInput.data(
          "column %s must hold values or arrays of them to be digested, is %s"
              .formatted(column, values.typeName()));
    }
  }
}
