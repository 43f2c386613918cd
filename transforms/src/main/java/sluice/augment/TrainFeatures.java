package sluice.augment;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.normalise.FeatureGroup;

/**
 * The features of the train part.
 *
 * @param rows one row an example: {@code key STRING} (unique), {@code part}, {@code label INT} for
 *     classes or {@code FLOAT} for numbers, and a column for each group
 * @param groups the feature columns; every value is there and finite
 * @param classes the names of the classes by index; empty if the label is not a class
 */
public record TrainFeatures(Dataset<Row> rows, List<FeatureGroup> groups, List<String> classes) {
  public TrainFeatures {
    groups = List.copyOf(groups);
    classes = List.copyOf(classes);
  }

  FeatureLayout layout() {
    return new FeatureLayout(rows.schema(), groups);
  }
}
