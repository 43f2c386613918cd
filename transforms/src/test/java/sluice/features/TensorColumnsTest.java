package sluice.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.testing.LocalSpark;

class TensorColumnsTest {
  private static final Dataset<Row> ROWS =
      LocalSpark.session()
          .createDataFrame(
              List.of(
                  RowFactory.create(
                      new byte[] {7}, new byte[] {0, 51, (byte) 255}, List.of(0.5f), List.of(2))),
              new StructType()
                  .add("key", DataTypes.BinaryType)
                  .add("an `odd`.name", DataTypes.BinaryType)
                  .add("x", DataTypes.createArrayType(DataTypes.FloatType))
                  .add("k", DataTypes.createArrayType(DataTypes.IntegerType)));
  private static final TensorSpec NUMBERS = TensorSpec.numbers("x", List.of("x"));

  @Test
  void bytesBecomeNumbersAndAllElseStays() {
    TensorSpec picture = TensorSpec.bytes("an `odd`.name", List.of(1, 1, 3), 255);
    Dataset<Row> decoded = TensorColumns.decoded(ROWS, List.of(NUMBERS, picture));
    assertThat(decoded.columns()).containsExactly(ROWS.columns());
    Row row = decoded.first();
    assertThat(row.<byte[]>getAs(0)).containsExactly(7);
    assertThat(row.<Float>getList(1)).containsExactly(0f, 0.2f, 1f);
    assertThat(row.<Float>getList(2)).containsExactly(0.5f);
    assertThat(row.<Integer>getList(3)).containsExactly(2);
  }

  @Test
  void rowsWithoutBytesAreLeftAlone() {
    assertThat(TensorColumns.decoded(ROWS, List.of(NUMBERS))).isSameAs(ROWS);
  }
}
