package sluice.features;

/** What the values of a tensor are, and so what the feature table keeps of them. */
public enum Element {
  /** {@code array<float>}: numbers, used as they are. */
  FLOAT32,
  /**
   * {@code binary}: bytes that count from 0 to 255, each made a number in the minibatch, see {@link
   * TensorSpec#divisor}.
   */
  UINT8,
  /** {@code array<int>}: category indices, each expanded to a one-hot vector in the minibatch. */
  ONE_HOT,
  /** {@code array<int>}: category indices, handed to the network as they are. */
  INDEX,
  /**
   * {@code struct<indices: array<int>, weights: array<float>>}: the positions of a sparse vector,
   * ascending and distinct, and the number at each; handed to the network pair by pair.
   */
  WEIGHTED_INDEX;

  /** Whether it is a number, and not the index of a category. */
  public boolean isNumber() {
    return this == FLOAT32 || this == UINT8;
  }
}
