package sluice.evaluation.classification;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.metric.Measures;

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

  /** By class; null where no area is asked for. */
  private final @Nullable RankedRows[] ranked;

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
    ranked = new @Nullable RankedRows[classes];
    for (int c = 0; c < classes; c++) {
      if (ranking == Ranking.ASKED && (positive < 0 || c == positive)) {
        int ofClass = c;
        ranked[c] =
            RankedRows.of(
                rows,
                row -> predictions.probability(row, ofClass),
                row -> predictions.truth(row) == ofClass);
      }
    }
  }

  /** The bin of a probability among equally wide ones that are closed above: (lower, upper]. */
  static int bin(double probability, int bins) {
    return Math.max(0, (int) Math.ceil(probability * bins) - 1);
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
      RankedRows rows = ranked[c];
      if (rows != null) {
        counts.setAreas(c, rows.areas(weights, counts.support(c)));
      }
    }
    return counts;
  }

  /** {@link RankedRows#thresholds} of a class that is ranked. */
  long[] thresholds(int ofClass) {
    return Objects.requireNonNull(ranked[ofClass]).thresholds();
  }
}
