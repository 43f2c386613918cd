package sluice.normalise;

import java.util.Arrays;

/**
 * A sparse vector: the positions that are not zero, and the number at each.
 *
 * @param indices from 0 on, ascending and distinct; may be empty
 * @param weights one for each index, finite
 */
@SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
public record WeightedIndices(int[] indices, float[] weights) {
  /**
   * @throws IllegalArgumentException if indices do not ascend from 0 on, or not each of them has a
   *     finite weight
   */
  public WeightedIndices {
    if (indices.length != weights.length) {
      throw new IllegalArgumentException(
          "each index must have a weight, got %s indices and %s weights"
              .formatted(indices.length, weights.length));
    }
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0
          || (i > 0 && indices[i] <= indices[i - 1])
          || !Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "indices must ascend from 0 on and weights be finite, got index %s with weight %s behind %s"
                .formatted(
                    indices[i],
                    weights[i],
                    Arrays.toString(Arrays.copyOf(indices, Math.min(i, 9)))));
      }
    }
  }
}
