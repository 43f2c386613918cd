package sluice.augment;

/** An augmenter that makes new examples from the features of the train rows. */
public non-sealed interface FeatureAugmenter extends Augmenter {
  /** Whether its examples have other numbers than the rows that they are made from. */
  default boolean changesNumbers() {
    return true;
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
