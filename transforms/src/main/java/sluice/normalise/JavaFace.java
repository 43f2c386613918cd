package sluice.normalise;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Steps in plain Java over values of Spark's.
 *
 * @param input the kind of the values
 */
record JavaFace(Kind input, List<FittedStep> steps)
    implements UDF1<@Nullable Object, @Nullable Object> {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable Object call(@Nullable Object given) {
    Object value = entered(given);
    for (FittedStep step : steps) {
      value = step.value(value);
    }
    return left(value);
  }

  /** What {@link #call} gives of each of several values. */
  @Nullable Object[] calls(@Nullable Object[] given) {
    @Nullable Object[] values = new @Nullable Object[given.length];
    for (int i = 0; i < given.length; i++) {
      values[i] = entered(given[i]);
    }
    for (FittedStep step : steps) {
      values = step.values(values);
    }
    for (int i = 0; i < given.length; i++) {
      values[i] = left(values[i]);
    }
    return values;
  }

  /** Whether many values are to be given at a time. */
  boolean inBatches() {
    return steps.stream().anyMatch(FittedStep::inBatches);
  }

  private @Nullable Object entered(@Nullable Object given) {
    if (given instanceof Seq<?> values) {
      return array(values);
    }
    return given instanceof Row row ? WeightedColumns.value(row) : given;
  }

  private static @Nullable Object left(@Nullable Object value) {
    return value instanceof WeightedIndices weighted ? WeightedColumns.row(weighted) : value;
  }

  private Object array(Seq<?> values) {
    Stream<?> elements = JavaConverters.seqAsJavaList(values).stream();
    return input == Kind.SERIES
        ? elements.mapToInt(index -> (Integer) index).toArray()
        : elements.mapToDouble(number -> (Double) number).toArray();
  }

  DataType dataType() {
    return switch (steps.get(steps.size() - 1).gives()) {
      case NUMBER -> DataTypes.DoubleType;
      case TEXT -> DataTypes.StringType;
      case TIME -> DataTypes.TimestampNTZType;
      case BYTES -> DataTypes.BinaryType;
      case INDEX -> DataTypes.IntegerType;
      case VECTOR -> DataTypes.createArrayType(DataTypes.DoubleType);
      case SERIES -> DataTypes.createArrayType(DataTypes.IntegerType, false);
      case WEIGHTED_SERIES -> WeightedColumns.TYPE;
    };
  }
}
