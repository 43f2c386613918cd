package sluice.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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

  static Calibration.Isotonic of(LabelledRows rows, int positive) {
    int[] order =
        IntStream.range(0, rows.rows())
            .boxed()
            .sorted(
                (a, b) ->
                    Float.compare(rows.probability(a, positive), rows.probability(b, positive)))
            .mapToInt(Integer::intValue)
            .toArray();
    List<Pool> pools = new ArrayList<>();
    int at = 0;
    while (at < order.length) {
      float score = rows.probability(order[at], positive);
      long positives = 0;
      int end = at;
      while (end < order.length && rows.probability(order[end], positive) == score) {
        positives += rows.truth(order[end]) == positive ? 1 : 0;
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
