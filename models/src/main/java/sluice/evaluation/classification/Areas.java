package sluice.evaluation.classification;

/**
 * Both areas under the curves of a class, while the threshold sinks from the highest score to the
 * lowest; see {@link ClassCounts} for what they mean.
 */
final class Areas {
  private final long support;
  private long hits;
  private long misses;

  /** Twice the number of pairs in the right order, which ties make an integer. */
  private long pairs;

  private double averagePrecision;

  /**
   * @param support rows of the class
   */
  Areas(long support) {
    this.support = support;
  }

  /**
   * Takes in the rows of the next lower score.
   *
   * @param hitsNow rows of the class that score as high as that or higher
   * @param missesNow other rows that do
   */
  void reach(long hitsNow, long missesNow) {
    pairs += (missesNow - misses) * (hitsNow + hits);
    if (hitsNow > hits) {
      averagePrecision += (double) (hitsNow - hits) / support * hitsNow / (hitsNow + missesNow);
    }
    hits = hitsNow;
    misses = missesNow;
  }

  /** ROC AUC of the rows so far; NaN if they are of one class only. */
  double roc() {
    return hits == 0 || misses == 0 ? Double.NaN : pairs / 2.0 / hits / misses;
  }

  /** Average precision of the rows so far; NaN without a row of the class. */
  double averagePrecision() {
    return support == 0 ? Double.NaN : averagePrecision;
  }
}
