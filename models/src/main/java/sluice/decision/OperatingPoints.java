package sluice.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What thresholds make of scored rows of two classes. */
public final class OperatingPoints {
  /** The scores of the positive rows and of the others, rising. */
  private final float[] positives;

  private final float[] negatives;

  private OperatingPoints(float[] positives, float[] negatives) {
    this.positives = positives;
    this.negatives = negatives;
  }

  /**
   * Of rows whose probabilities are as they are decided on.
   *
   * @param positive the index of the positive class
   */
  public static OperatingPoints of(LabelledRows rows, int positive) {
    return new OperatingPoints(scores(rows, positive, true), scores(rows, positive, false));
  }

  private static float[] scores(LabelledRows rows, int positive, boolean ofPositives) {
    float[] scores = new float[rows.rows()];
    int taken = 0;
    for (int row = 0; row < scores.length; row++) {
      if ((rows.truth(row) == positive) == ofPositives) {
        scores[taken++] = rows.probability(row, positive);
      }
    }
    float[] sorted = Arrays.copyOf(scores, taken);
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * One point for each set of rows that a threshold can count as positive: from none (unless a row
   * scores 1, which every threshold counts) to all, whose threshold is 0. In between a threshold
   * lies midway between the lowest score that counts and the next lower one; that of none lies
   * midway between the highest score and 1.
   *
   * @return by falling threshold; empty without rows
   */
  List<OperatingPoint> all() {
    List<OperatingPoint> points = new ArrayList<>();
    int hit = positives.length;
    int miss = negatives.length;
    double above = 1;
    while (hit > 0 || miss > 0) {
      double score = Math.max(highest(positives, hit), highest(negatives, miss));
      if (score < above) {
        points.add(point((above + score) / 2, positives.length - hit, negatives.length - miss));
      }
      while (hit > 0 && positives[hit - 1] == score) {
        hit--;
      }
      while (miss > 0 && negatives[miss - 1] == score) {
        miss--;
      }
      above = score;
    }
    if (positives.length + negatives.length > 0) {
      points.add(point(0, positives.length, negatives.length));
    }
    return points;
  }

  private static double highest(float[] rising, int left) {
    return left == 0 ? Double.NEGATIVE_INFINITY : rising[left - 1];
  }

  /**
   * Thresholds from 0 to 1 in equal steps.
   *
   * @return by rising threshold
   */
  public List<OperatingPoint> evenly(int steps) {
    List<OperatingPoint> points = new ArrayList<>();
    int belowHits = 0;
    int belowMisses = 0;
    for (int step = 0; step <= steps; step++) {
      double threshold = (double) step / steps;
      while (belowHits < positives.length && positives[belowHits] < threshold) {
        belowHits++;
      }
      while (belowMisses < negatives.length && negatives[belowMisses] < threshold) {
        belowMisses++;
      }
      points.add(point(threshold, positives.length - belowHits, negatives.length - belowMisses));
    }
    return points;
  }

  private OperatingPoint point(double threshold, long hits, long misses) {
    return new OperatingPoint(threshold, hits, misses, positives.length, negatives.length);
  }
}
