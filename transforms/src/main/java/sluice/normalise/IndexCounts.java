package sluice.normalise;

import java.util.Arrays;

/** How often each index occurs in a text, on the way to its sparse vector. Not thread-safe. */
final class IndexCounts {
  private int[] indices = new int[64];
  private int size;

  /** What an index that occurs so often weighs, before the vector gets its length. */
  @FunctionalInterface
  interface Weight {
    double of(int index, int count);
  }

  /** Counts an index once more. */
  void add(int index) {
    if (size == indices.length) {
      indices = Arrays.copyOf(indices, 2 * size);
    }
    indices[size++] = index;
  }

  /**
   * The vector of Euclidean length 1 in which the weights are to each other as these; one without
   * numbers if there are no indices. Sums go from the first index to the last, in double precision.
   *
   * @param weight above 0
   */
  WeightedIndices ofLengthOne(Weight weight) {
    Arrays.sort(indices, 0, size);
    int[] distinct = new int[size];
    double[] weights = new double[size];
    int count = 0;
    double squares = 0;
    for (int from = 0; from < size; ) {
      int to = from + 1;
      while (to < size && indices[to] == indices[from]) {
        to++;
      }
      double own = weight.of(indices[from], to - from);
      distinct[count] = indices[from];
      weights[count++] = own;
      squares += own * own;
      from = to;
    }
    double length = Math.sqrt(squares);
    float[] shares = new float[count];
    for (int i = 0; i < count; i++) {
      shares[i] = (float) (weights[i] / length);
    }
    return new WeightedIndices(Arrays.copyOf(distinct, count), shares);
  }
}
