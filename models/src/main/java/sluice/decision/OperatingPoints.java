package sluice.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What thresholds make of scored rows of two classes. Memory: 4 bytes a row. */
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
    return of(rows, positive, row -> rows.probability(row, positive));
  }

  /**
   * Of rows whose probabilities are to be calibrated first.
   *
   * @param positive the index of the positive class
   */
  static OperatingPoints of(LabelledRows rows, Calibration calibration, int positive) {
    return of(
        rows, positive, row -> calibration.apply(rows.probabilities(row), positive)[positive]);
  }

  private static OperatingPoints of(LabelledRows rows, int positive, IntToDoubleFunction score) {
    int hits = 0;
    for (int row = 0; row < rows.rows(); row++) {
      hits += rows.truth(row) == positive ? 1 : 0;
    }
    float[] positives = new float[hits];
    float[] negatives = new float[rows.rows() - hits];
    int hit = 0;
    int miss = 0;
    for (int row = 0; row < rows.rows(); row++) {
      if (rows.truth(row) == positive) {
        positives[hit++] = (float) score.applyAsDouble(row);
      } else {
        negatives[miss++] = (float) score.applyAsDouble(row);
      }
    }
    Arrays.sort(positives);
    Arrays.sort(negatives);
    return new OperatingPoints(positives, negatives);
  }

  /**
   * One point for each set of rows that a threshold can count as positive: from none (unless a row
   * scores 1, which every threshold counts) to all, whose threshold is 0. In between a threshold
   * lies midway between the lowest score that counts and the next lower one; that of none lies
   * midway between the highest score and 1.
   *
   * @return by falling threshold, each made when it is asked for, as there may be one a row; empty
   *     without rows
   */
  Stream<OperatingPoint> all() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Falling(), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  private final class Falling implements Iterator<OperatingPoint> {
    /** Rows of each class that do not count as positive yet. */
    private int hit = positives.length;

    private int miss = negatives.length;
    private double above = 1;
    private boolean ended = hit + miss == 0;

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public OperatingPoint next() {
      if (ended) {
        throw new NoSuchElementException();
      }
      while (hit > 0 || miss > 0) {
        double score = Math.max(highest(positives, hit), highest(negatives, miss));
        double threshold = (above + score) / 2;
        boolean apart = score < above;
        int hits = positives.length - hit;
        int misses = negatives.length - miss;
        while (hit > 0 && positives[hit - 1] == score) {
          hit--;
        }
        while (miss > 0 && negatives[miss - 1] == score) {
          miss--;
        }
        above = score;
        if (apart) {
          return point(threshold, hits, misses);
        }
      }
      ended = true;
      return point(0, positives.length, negatives.length);
    }
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
