package sluice.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
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
 * rows' {@link CanonicalBytes} sorted by key. It depends neither on partitions and files nor on
 * whether a schema calls a column nullable.
 */
public final class Digest {
  private Digest() {}

  /**
   * The digest of a table in lower-case hexadecimal. Rows are hashed where they are; the driver
   * sees 32 bytes of each, one partition at a time.
   *
   * @param keyColumn what rows are sorted by; rows of one key are sorted by their hash
   * @throws InvalidInput (data) if a column holds anything but values or arrays of them
   */
  public static String of(Dataset<Row> rows, String keyColumn) {
    MessageDigest digest = Sha256.start();
    CanonicalBytes schema = new CanonicalBytes();
    for (StructField field : rows.schema().fields()) {
      requireValues(field.dataType(), field.name());
      schema.add(field.name()).add(field.dataType().simpleString());
    }
    digest.update(Sha256.of(schema.toArray()));

    UDF1<Row, byte[]> hash = row -> Sha256.of(CanonicalBytes.of(row));
    Iterator<Row> hashes =
        rows.select(
                Columns.named(keyColumn).as("key"),
                udf(hash, DataTypes.BinaryType)
                    .apply(Columns.row(Columns.named(List.of(rows.columns()))))
                    .as("hash"))
            .orderBy(col("key"), col("hash"))
            .select(col("hash"))
            .toLocalIterator();
    while (hashes.hasNext()) {
      digest.update((byte[]) hashes.next().get(0));
    }
    return Sha256.finish(digest);
  }

  /** A record within a record has names of its own, see {@link Columns#row}. */
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
