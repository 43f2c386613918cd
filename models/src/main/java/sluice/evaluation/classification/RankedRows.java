package sluice.evaluation.classification;

import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import sluice.evaluation.metric.Order;
import sluice.statistics.OrderSelection;

/**
 * The rows from the highest score of a class down, from which each resample has its areas under the
 * curves in one pass. Memory: 4 bytes a row.
 */
final class RankedRows {
  /** Flags below a row's number. */
  private static final int LAST_OF_TIE = 1;

  private static final int OF_CLASS = 2;
  private static final int FLAG_BITS = 2;

  private final int[] descending;

  private RankedRows(int[] descending) {
    this.descending = descending;
  }

  /**
   * Sorts rows.
   *
   * @param score of each row
   * @param ofClass whether a row is of the class
   */
  static RankedRows of(int rows, IntToDoubleFunction score, IntPredicate ofClass) {
    long[] scores = new long[rows];
    for (int row = 0; row < rows; row++) {
      scores[row] = ~OrderSelection.ordered(score.applyAsDouble(row));
    }
    int[] order = Order.by(scores);
    int[] flagged = new int[rows];
    for (int i = 0; i < rows; i++) {
      boolean last = i + 1 == rows || scores[order[i + 1]] != scores[order[i]];
      flagged[i] =
          order[i] << FLAG_BITS
              | (ofClass.test(order[i]) ? OF_CLASS : 0)
              | (last ? LAST_OF_TIE : 0);
    }
    return new RankedRows(flagged);
  }

  /**
   * The areas of the rows, each as often as its weight says.
   *
   * @param support rows of the class
   */
  Areas areas(byte[] weights, long support) {
    Areas areas = new Areas(support);
    long hits = 0;
    long misses = 0;
    for (int flagged : descending) {
      int weight = weights[flagged >> FLAG_BITS];
      if ((flagged & OF_CLASS) != 0) {
        hits += weight;
      } else {
        misses += weight;
      }
      if ((flagged & LAST_OF_TIE) != 0) {
        areas.reach(hits, misses);
      }
    }
    return areas;
  }

  /**
   * The points of the curves: the counts of hits and misses among the rows that score at least as
   * high as each distinct score, from the highest down, behind a first point of none.
   *
   * @return hits and misses, alternating
   */
  long[] thresholds() {
    int ties = 0;
    for (int flagged : descending) {
      ties += flagged & LAST_OF_TIE;
    }
    long[] points = new long[2 * (ties + 1)];
    long hits = 0;
    int at = 2;
    for (int i = 0; i < descending.length; i++) {
      hits += (descending[i] & OF_CLASS) >> 1;
      if ((descending[i] & LAST_OF_TIE) != 0) {
        points[at++] = hits;
        points[at++] = i + 1 - hits;
      }
    }
    return points;
  }
}
