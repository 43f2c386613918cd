package sluice.decision;

/** The metrics of a confusion matrix that thresholds are chosen by, from its counts. */
public final class ConfusionMetrics {
  private ConfusionMetrics() {}

  /**
   * The harmonic mean of a class's precision and recall; NaN without a row of the class.
   *
   * @param right rows of the class that are predicted as it
   * @param support rows of the class
   * @param predicted rows that are predicted as it
   */
  public static double f1(long right, long support, long predicted) {
    return support == 0 ? Double.NaN : 2.0 * right / (support + predicted);
  }

  /**
   * The mean of two classes' recalls; NaN unless there are rows of both. One division of whole
   * numbers: equal shares are equal to the bit, whatever the threshold.
   *
   * @param right rows of each class that are predicted as it
   * @param support rows of each class
   */
  public static double balancedAccuracy(long[] right, long[] support) {
    double both = 2.0 * support[0] * support[1];
    return ((double) right[0] * support[1] + (double) right[1] * support[0]) / both;
  }

  /**
   * Matthews' correlation coefficient, of more than two classes that of J. Gorodkin, "Comparing two
   * K-category assignments by a K-category correlation coefficient" (2004). 0 where all rows are of
   * one class, or predicted to be; NaN without rows.
   *
   * @param right rows of each class that are predicted as it
   * @param support rows of each class
   * @param predicted rows that are predicted as each class
   */
  public static double matthews(long[] right, long[] support, long[] predicted) {
    double rows = 0;
    double allRight = 0;
    for (int c = 0; c < support.length; c++) {
      rows += support[c];
      allRight += right[c];
    }
    double apart = pairsApart(rows, support) * pairsApart(rows, predicted);
    if (apart == 0) {
      return rows == 0 ? Double.NaN : 0;
    }
    double agreed = rows * allRight;
    for (int c = 0; c < support.length; c++) {
      agreed -= (double) support[c] * predicted[c];
    }
    return agreed / Math.sqrt(apart);
  }

  /** Pairs of rows whose classes differ; 0 exactly if there is one class only. */
  private static double pairsApart(double rows, long[] byClass) {
    double same = 0;
    for (long count : byClass) {
      same += (double) count * count;
    }
    return rows * rows - same;
  }
}
