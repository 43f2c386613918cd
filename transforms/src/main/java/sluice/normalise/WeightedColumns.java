package sluice.normalise;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@link WeightedIndices} as values of Spark's, apart from what is read where there is no Spark.
 */
public final class WeightedColumns {
  /** The field of the indices. */
  public static final String INDICES = "indices";

  /** The type of a column of them. */
  static final DataType TYPE =
      new StructType()
          .add(INDICES, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("weights", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private WeightedColumns() {}

  static Row row(WeightedIndices value) {
    return RowFactory.create(value.indices(), value.weights());
  }

  static WeightedIndices value(Row row) {
    List<Float> numbers = row.getList(1);
    float[] weights = new float[numbers.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = numbers.get(i);
    }
    return new WeightedIndices(
        row.<Integer>getList(0).stream().mapToInt(Integer::intValue).toArray(), weights);
  }
}
