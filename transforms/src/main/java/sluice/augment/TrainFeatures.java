package sluice.augment;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.features.FeatureSchema;
import sluice.features.TensorColumns;
import sluice.features.TensorSpec;

/**
 * The features of the train part.
 *
 * @param rows one row an example: {@code key BINARY} (unique), {@code part}, {@code label INT} for
 *     classes or {@code FLOAT} for numbers, of several labels a struct of these, and a column for
 *     each group
 * @param schema what an example is; every value is there and finite
 */
public record TrainFeatures(Dataset<Row> rows, FeatureSchema schema) {

  /** The names of the classes by index; empty if the label is not one class. */
  public List<String> classes() {
    return schema.targets().size() == 1
        ? schema.targets().get(0).categories().stream().flatMap(List::stream).toList()
        : List.of();
  }

  /** The same with the numbers that bytes stand for in their place. */
  TrainFeatures decoded() {
    return new TrainFeatures(
        TensorColumns.decoded(rows, schema.inputs()),
        new FeatureSchema(
            schema.inputs().stream().map(TensorSpec::decoded).toList(), schema.targets()));
  }

  /** Where the features stand in a row. */
  public FeatureLayout layout() {
    return new FeatureLayout(rows.schema(), schema.inputs());
  }
}
