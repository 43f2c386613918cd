package sluice.evaluation.classification;

import java.io.Serializable;
import sluice.statistics.ExactSum;

/** What metrics of sets count by row. The sum is exact: the same in whatever order rows come. */
final class SetCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum f1s = new ExactSum();
  private long rows;
  private long exact;
  private long empty;

  /**
   * Adds a row.
   *
   * @param truth how many names are true
   * @param predicted how many are predicted
   * @param right how many are both
   * @param times how often it is drawn
   */
  void add(int truth, int predicted, int right, int times) {
    rows += times;
    if (truth == right && predicted == right) {
      exact += times;
    }
    if (truth + predicted == 0) {
      empty += times;
    } else if (right > 0) {
      f1s.add(times * (2.0 * right / (truth + predicted)));
    }
  }

  /** Adds all that the other holds. */
  void merge(SetCounts other) {
    rows += other.rows;
    exact += other.exact;
    empty += other.empty;
    f1s.merge(other.f1s);
  }

  /** How many rows there are. */
  long rows() {
    return rows;
  }

  /** How many rows have all true names predicted, and no other. */
  long exact() {
    return exact;
  }

  /** How many rows have neither a true nor a predicted name; their F1 is 0. */
  long empty() {
    return empty;
  }

  /** The sum of the F1 of each row. */
  double f1s() {
    return f1s.value();
  }
}
