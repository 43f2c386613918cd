package sluice.evaluation;

import java.util.List;

/**
 * What a model said of the rows of one part, beside the truth, in primitive arrays on the driver.
 * Rows are put into one order, by key and then by content, so that the order in which they came
 * leaves no trace in any result.
 *
 * <p>Memory: 8 bytes a row for the key and 4 for each slice column; besides, for classes 4 + 4 x
 * classes, for numbers 16. Measuring takes about as much again for its sorted views.
 */
public sealed interface Predictions permits ClassPredictions, NumberPredictions {

  /** The greatest number of rows: a sorted view keeps a row's number in 29 bits. */
  int MAX_ROWS = 1 << 29;

  int rows();

  /** The key's hash of a row; rows ascend by it. */
  long keyHash(int row);

  List<SliceColumn> slices();

  /** These rows; the numbers ascend. */
  Predictions select(int[] rows);

  /** Whether both are about the same rows with the same truth, numbers compared as floats. */
  boolean sameRows(Predictions other);

  /**
   * The 64-bit hash of a row's key, from which resampling derives its randomness: FNV-1a over its
   * bytes, finished with the mixing function of SplitMix64.
   */
  static long keyHash(byte[] key) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : key) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return PoissonWeights.mix(hash);
  }
}
