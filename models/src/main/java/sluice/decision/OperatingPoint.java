package sluice.decision;

import java.util.Comparator;

/**
 * What a threshold makes of labelled rows of two classes: a row whose score is at least the
 * threshold counts as positive.
 *
 * <p>Undefined figures are NaN, by the rules of the metrics: precision where no row counts as
 * positive, recall and F1 without a positive row, balanced accuracy unless there are rows of both
 * classes. Matthews' correlation is 0 where all rows are of one class, or count as one.
 *
 * @param threshold in 0..1
 * @param truePositives positive rows that count as positive
 * @param falsePositives negative rows that count as positive
 * @param positives positive rows
 * @param negatives negative rows
 */
public record OperatingPoint(
    double threshold, long truePositives, long falsePositives, long positives, long negatives) {

  /** The nearer to 0.5 is greater, of two as near the higher. */
  static final Comparator<OperatingPoint> NEAREST =
      Comparator.<OperatingPoint>comparingDouble(point -> -Math.abs(point.threshold() - 0.5))
          .thenComparingDouble(OperatingPoint::threshold);

  /** The share of the rows that count as positive which are. */
  public double precision() {
    return (double) truePositives / (truePositives + falsePositives);
  }

  /** The share of the positive rows that count as positive. */
  public double recall() {
    return (double) truePositives / positives;
  }

  /** The harmonic mean of precision and recall. */
  public double f1() {
    return ConfusionMetrics.f1(truePositives, positives, truePositives + falsePositives);
  }

  /** The mean of both classes' recalls. */
  public double balancedAccuracy() {
    return ConfusionMetrics.balancedAccuracy(right(), support());
  }

  /** Matthews' correlation coefficient. */
  public double matthews() {
    long predicted = truePositives + falsePositives;
    return ConfusionMetrics.matthews(
        right(), support(), new long[] {predicted, positives + negatives - predicted});
  }

  /** What the errors cost. */
  public double cost(double falsePositive, double falseNegative) {
    return falsePositive * falsePositives + falseNegative * (positives - truePositives);
  }

  private long[] right() {
    return new long[] {truePositives, negatives - falsePositives};
  }

  private long[] support() {
    return new long[] {positives, negatives};
  }
}
