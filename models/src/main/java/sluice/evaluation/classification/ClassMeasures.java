package sluice.evaluation.classification;

import java.util.List;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Order;
import sluice.statistics.OrderSelection;

/**
 * Measures class probabilities. What does not depend on the weights is prepared once, above all the
 * rows sorted by score, so that each count is one pass over the rows, and one more a class for the
 * areas under the curves. Counts are integers and exact; the other sums run in the order of the
 * predictions. Memory: 14 bytes a row, 8 for each metric that is a mean over the rows, and 4 a
 * class and row (of two classes 4 a row).
 */
final class ClassMeasures implements Measures<ClassCounts> {
  /** The equally wide bins of probabilities for calibration and its error. */
  static final int CONFIDENCE_BINS = 15;

  /** Flags below a row's number in a view sorted by score. */
  private static final int LAST_OF_TIE = 1;

  private static final int OF_CLASS = 2;
  private static final int FLAG_BITS = 2;

  /** Whether the areas under the curves are asked for. */
  enum Ranking {
    /** Of the positive class of two, or of each of more. */
    ASKED,
    /** They are not, which saves a pass over the rows for each class. */
    NONE
  }

  private final ClassPredictions predictions;
  private final int positive;
  private final int[] confusionCells;
  private final byte[] bins;
  private final boolean[] mostProbableIsRight;
  private final double[] confidences;
  private final List<ClassMetric.OfRows> ofRows;

  /** By metric that is a mean of a figure of each row, then by row. */
  private final double[][] figures;

  /** By class, the rows from the highest score down, with flags; empty where no area is asked. */
  private final int[][] descending;

  /**
   * @param positive the index of the positive class of two, or -1
   */
  ClassMeasures(ClassPredictions predictions, int positive) {
    this(predictions, positive, Ranking.ASKED);
  }

  /**
   * @param positive the index of the positive class of two, or -1
   */
  ClassMeasures(ClassPredictions predictions, int positive, Ranking ranking) {
    this.predictions = predictions;
    this.positive = positive;
    int rows = predictions.rows();
    int classes = predictions.classes();
    confusionCells = new int[rows];
    bins = new byte[rows];
    mostProbableIsRight = new boolean[rows];
    confidences = new double[rows];
    ofRows = ClassMetrics.ofRows();
    figures = new double[ofRows.size()][rows];
    for (int row = 0; row < rows; row++) {
      int truth = predictions.truth(row);
      int predicted = predictions.predicted(row);
      confusionCells[row] = truth * classes + predictions.decided(row);
      mostProbableIsRight[row] = truth == predicted;
      confidences[row] = predictions.probability(row, predicted);
      bins[row] = (byte) bin(confidences[row], CONFIDENCE_BINS);
      for (int m = 0; m < figures.length; m++) {
        figures[m][row] = ofRows.get(m).of(predictions, row, positive);
      }
    }
    descending = new int[classes][];
    for (int c = 0; c < classes; c++) {
      boolean ranked = ranking == Ranking.ASKED && (positive < 0 || c == positive);
      descending[c] = ranked ? descending(c) : new int[0];
    }
  }

  /** The bin of a probability among equally wide ones that are closed above: (lower, upper]. */
  static int bin(double probability, int bins) {
    return Math.max(0, (int) Math.ceil(probability * bins) - 1);
  }

  private int[] descending(int ofClass) {
    long[] scores = new long[predictions.rows()];
    for (int row = 0; row < scores.length; row++) {
      scores[row] = ~OrderSelection.ordered(predictions.probability(row, ofClass));
    }
    int[] order = Order.by(scores);
    int[] flagged = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      boolean last = i + 1 == order.length || scores[order[i + 1]] != scores[order[i]];
      flagged[i] =
          order[i] << FLAG_BITS
              | (predictions.truth(order[i]) == ofClass ? OF_CLASS : 0)
              | (last ? LAST_OF_TIE : 0);
    }
    return flagged;
  }

  @Override
  public List<ClassMetric> metrics() {
    return ClassMetrics.OF_CLASSES;
  }

  @Override
  public int rows() {
    return predictions.rows();
  }

  @Override
  public ClassCounts count(byte[] weights) {
    int classes = predictions.classes();
    ClassCounts counts = new ClassCounts(classes, positive, CONFIDENCE_BINS, ofRows);
    for (int row = 0; row < confusionCells.length; row++) {
      int weight = weights[row];
      if (weight == 0) {
        continue;
      }
      int cell = confusionCells[row];
      counts.confusion[cell] += weight;
      for (int m = 0; m < figures.length; m++) {
        counts.sums[m] += weight * figures[m][row];
      }
      int bin = bins[row];
      counts.binRows[bin] += weight;
      counts.binRight[bin] += mostProbableIsRight[row] ? weight : 0;
      counts.binConfidence[bin] += weight * confidences[row];
    }
    counts.tally();
    for (int c = 0; c < classes; c++) {
      if (descending[c].length > 0) {
        areas(counts, c, weights);
      }
    }
    return counts;
  }

  /** Both areas of a class in one pass over the rows from the highest score down. */
  private void areas(ClassCounts counts, int ofClass, byte[] weights) {
    Areas areas = new Areas(counts.support(ofClass));
    long hits = 0;
    long misses = 0;
    for (int flagged : descending[ofClass]) {
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
    counts.rocAucs[ofClass] = areas.roc();
    counts.averagePrecisions[ofClass] = areas.averagePrecision();
  }

  /**
   * The points of a class's curves: the counts of hits and misses among the rows that score at
   * least as high as each distinct score, from the highest down, behind a first point of none.
   *
   * @return hits and misses, alternating
   */
  long[] thresholds(int ofClass) {
    int[] order = descending[ofClass];
    int ties = 0;
    for (int flagged : order) {
      ties += flagged & LAST_OF_TIE;
    }
    long[] points = new long[2 * (ties + 1)];
    long hits = 0;
    int at = 2;
    for (int i = 0; i < order.length; i++) {
      hits += (order[i] & OF_CLASS) >> 1;
      if ((order[i] & LAST_OF_TIE) != 0) {
        points[at++] = hits;
        points[at++] = i + 1 - hits;
      }
    }
    return points;
  }
}
