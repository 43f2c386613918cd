package sluice.evaluation.metric;

import java.util.List;
import sluice.data.SplitMix64;
import sluice.decision.Decision;

/**
 * What a model said of the rows of one part, beside the truth, in primitive arrays on the driver.
 * Rows are put into one order, by key and then by content, so that the order in which they came
 * leaves no trace in any result.
 *
 * <p>Memory: 8 bytes a row for the key and 4 for each slice column; besides, for classes 4 + 4 x
 * classes, for sets 4 x names and 4 a true name, for numbers 16. Measuring takes about as much
 * again for its sorted views.
 */
public interface Predictions {

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

  /** What their metrics are computed by. */
  Measures<?> measures(Label label);

  /** What a page shows of them beyond their metrics. */
  Details details(Label label);

  /**
   * The rows that are predicted worst, the worst first: of classes those whose true class is the
   * least probable, of numbers those with the greatest error, of tags and sets those with most
   * wrong ones.
   *
   * @param most how many at most
   */
  List<RowError> worst(Label label, int most);

  /**
   * These predictions with calibrated probabilities and a threshold; as they are where there is
   * nothing to decide.
   *
   * @param about the index of the class that the decision is about, or -1
   */
  default Predictions decided(Decision decision, int about) {
    return this;
  }

  /** Takes predictions row by row. */
  interface Builder {

    /**
     * Puts a row; each has to be put once.
     *
     * @param row its number, from 0
     * @param truth the index of the true class, or the true number; of tags and sets how many there
     *     are
     * @param outputs the probability of each class, or one number; of tags the index of each, then
     *     the probabilities of all tags for each token that was read; of a set the index of each of
     *     its names, then the probability of every name; not kept
     */
    void put(int row, double truth, double[] outputs);

    /**
     * The predictions of all rows.
     *
     * @param keyHashes {@link #keyHash} a row
     * @throws IllegalArgumentException if lengths differ, or a value is none that there can be
     */
    Predictions build(long[] keyHashes, List<SliceColumn> slices);
  }

  /**
   * The 64-bit hash of a row's key, from which resampling derives its randomness: FNV-1a over its
   * bytes, finished with the mixing function of SplitMix64.
   */
  static long keyHash(byte[] key) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : key) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return SplitMix64.mixed(hash);
  }
}
