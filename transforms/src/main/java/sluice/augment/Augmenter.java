package sluice.augment;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is asked of the train part: a record of parameters, validated in its constructor and named
 * by its type in {@link Augmenters}. It makes new examples from the features of the train rows as
 * they were.
 */
public interface Augmenter {
  /**
   * Added examples.
   *
   * @param rows in the columns of {@link FeatureLayout#addedSchema}
   * @param copies at most so many are made of one source row
   */
  record Added(Dataset<Row> rows, int copies) {}

  /** Whether its examples have other numbers than the rows that they are made from. */
  default boolean changesNumbers() {
    return true;
  }

  /** Whether it goes by classes, so that there must be one label, of classes. */
  default boolean needsClasses() {
    return false;
  }

  /**
   * Makes examples. They depend on the rows, the place and the seed in it, never on partitions or
   * the order of rows. What has to be counted or fitted is, here; the examples are made whenever
   * the result is read.
   *
   * @throws sluice.data.InvalidInput if the features or the classes do not suit the augmenter
   */
  Added add(TrainFeatures train, AugmentContext context);
}
