package sluice.features;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import sluice.data.Columns;

/** Tensors in feature tables. */
public final class TensorColumns {
  private TensorColumns() {}

  /**
   * The rows with the numbers that bytes stand for, {@code array<float>}, to the bit those that a
   * network gets of the bytes.
   *
   * @param tensors columns of the rows; those that are bytes become {@link TensorSpec#decoded}
   */
  public static Dataset<Row> decoded(Dataset<Row> rows, List<TensorSpec> tensors) {
    if (tensors.stream().noneMatch(TensorSpec::isBytes)) {
      return rows;
    }
    return rows.select(
        Arrays.stream(rows.columns())
            .map(
                name -> {
                  Optional<TensorSpec> bytes =
                      tensors.stream()
                          .filter(tensor -> tensor.isBytes() && tensor.name().equals(name))
                          .findFirst();
                  return bytes.isEmpty() ? Columns.named(name) : decoded(bytes.get());
                })
            .toArray(Column[]::new));
  }

  private static Column decoded(TensorSpec tensor) {
    float[] numbers = tensor.numberOfEachByte();
    UDF1<byte[], float[]> decode = bytes -> decoded(bytes, numbers);
    return functions
        .udf(decode, DataTypes.createArrayType(DataTypes.FloatType, false))
        .apply(Columns.named(tensor.name()))
        .as(tensor.name());
  }

  private static float[] decoded(byte[] bytes, float[] numbers) {
    float[] decoded = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      decoded[i] = numbers[bytes[i] & 0xff];
    }
    return decoded;
  }
}
