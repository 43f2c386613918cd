package sluice.augment;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** An augmenter on features. */
public non-sealed interface FeatureAugmenter extends Augmenter {

  /**
   * Added examples.
   *
   * @param rows in the columns of {@link FeatureLayout#addedSchema}
   * @param copies at most so many are made of one source row
   */
  record Added(Dataset<Row> rows, int copies) {}

  @Override
  default On on() {
    return On.FEATURES;
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
