package sluice.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Isotonic regression by pooling adjacent violators, rows of equal score pooled first, as in
 * scikit-learn.
 *
 * <p>No share is taken for surer than the rows can show: of n rows shares lie within 1 / (n + 2)
 * and its complement (Laplace's rule of succession). Without that one row that comes out otherwise
 * costs an infinite log loss.
 */
final class IsotonicFit {
  private IsotonicFit() {}

  /** Rows of neighbouring scores with one share. */
  private record Pool(float from, float to, long positives, long rows) {
    double share() {
      return (double) positives / rows;
    }

    Pool with(Pool next) {
      return new Pool(from, next.to, positives + next.positives, rows + next.rows);
    }
  }

  /**
   * A row in a number that sorts by its score: the bits of floats that are not negative rise as
   * they do. Whether it is positive is the last bit.
   */
  private static long scored(float score, boolean isPositive) {
    // The sum has no negative zero.
    return (long) Float.floatToIntBits(score + 0f) << 1 | (isPositive ? 1 : 0);
  }

  private static float score(long scored) {
    return Float.intBitsToFloat((int) (scored >>> 1));
  }

  static Calibration.Isotonic of(LabelledRows rows, int positive) {
    long[] scored = new long[rows.rows()];
    for (int row = 0; row < scored.length; row++) {
      scored[row] = scored(rows.probability(row, positive), rows.truth(row) == positive);
    }
    Arrays.sort(scored);
    List<Pool> pools = new ArrayList<>();
    int at = 0;
    while (at < scored.length) {
      float score = score(scored[at]);
      long positives = 0;
      int end = at;
      while (end < scored.length && score(scored[end]) == score) {
        positives += scored[end] & 1;
        end++;
      }
      Pool pool = new Pool(score, score, positives, end - at);
      while (!pools.isEmpty() && pools.get(pools.size() - 1).share() >= pool.share()) {
        pool = pools.remove(pools.size() - 1).with(pool);
      }
      pools.add(pool);
      at = end;
    }
    double least = 1.0 / (rows.rows() + 2);
    List<Double> scores = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    for (Pool pool : pools) {
      double share = Math.min(Math.max(pool.share(), least), 1 - least);
      scores.add((double) pool.from());
      shares.add(share);
      if (pool.to() > pool.from()) {
        scores.add((double) pool.to());
        shares.add(share);
      }
    }
    return new Calibration.Isotonic(scores, shares);
  }
}
