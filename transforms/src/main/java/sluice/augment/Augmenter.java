package sluice.augment;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is asked of the train part: a record of parameters, validated in its constructor and named
 * by its type in {@link Augmenters}. It makes new examples of the train rows as they were: of their
 * raw values, before these become features, or of their features.
 */
public sealed interface Augmenter permits RowAugmenter, FeatureAugmenter {
  /**
   * Added examples.
   *
   * @param rows in the columns of {@link FeatureLayout#addedSchema}
   * @param copies at most so many are made of one source row
   */
  record Added(Dataset<Row> rows, int copies) {}

  /** Whether it goes by classes, so that there must be one label, of classes. */
  default boolean needsClasses() {
    return false;
  }
}
