package sluice.evaluation;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * What the classification metrics are made of: counts and sums over the rows, each as often as it
 * is drawn.
 *
 * <ul>
 *   <li>Precision, recall, F1 and PR AUC are those of the positive class of two, and else the plain
 *       mean over the classes that have a row (macro). Weighted ones are means weighted by the
 *       classes' rows.
 *   <li>A class with rows that is never predicted has precision 0, as in scikit-learn, with a note.
 *   <li>Without a row of the positive class, recall, F1, PR AUC and, unless it is predicted,
 *       precision are undefined.
 *   <li>ROC AUC: the share of pairs of a row of the class and another row in which the first scores
 *       higher, ties counting half. More than two classes: the mean over one class against the
 *       rest. Undefined with rows of one class only.
 *   <li>PR AUC is average precision: the sum over the distinct scores, from the highest down, of
 *       the gain in recall times the precision there; no interpolation.
 *   <li>Log loss: probabilities are clipped to 1e-15 .. 1 - 1e-15.
 *   <li>Brier score: of two classes the mean of (p - y)^2 of the positive one, which lies in 0..1;
 *       of more the mean of the sum over the classes, in 0..2.
 *   <li>Expected calibration error (Guo et al., "On calibration of modern neural networks", 2017):
 *       15 equally wide bins of the predicted class's probability.
 * </ul>
 */
final class ClassCounts {
  final int classes;
  final int positive;

  /** Rows of true class t predicted as p, at t * classes + p. */
  final long[] confusion;

  /**
   * ROC AUC and average precision by class; NaN where undefined, and for the negative class of two.
   */
  final double[] rocAucs;

  final double[] averagePrecisions;

  /** By bin of confidence: rows, right rows, sum of confidences. */
  final long[] binRows;

  final long[] binRight;
  final double[] binConfidence;

  double logLossSum;
  double brierSum;

  /**
   * @param positive the index of the positive class of two, or -1
   */
  ClassCounts(int classes, int positive, int bins) {
    this.classes = classes;
    this.positive = positive;
    this.confusion = new long[classes * classes];
    this.rocAucs = new double[classes];
    this.averagePrecisions = new double[classes];
    Arrays.fill(rocAucs, Double.NaN);
    Arrays.fill(averagePrecisions, Double.NaN);
    this.binRows = new long[bins];
    this.binRight = new long[bins];
    this.binConfidence = new double[bins];
  }

  long rows() {
    long rows = 0;
    for (long count : confusion) {
      rows += count;
    }
    return rows;
  }

  /** Rows of a class. */
  long support(int c) {
    long support = 0;
    for (int p = 0; p < classes; p++) {
      support += confusion[c * classes + p];
    }
    return support;
  }

  /** Rows predicted as a class. */
  long predicted(int c) {
    long predicted = 0;
    for (int t = 0; t < classes; t++) {
      predicted += confusion[t * classes + c];
    }
    return predicted;
  }

  private long right(int c) {
    return confusion[c * classes + c];
  }

  double precision(int c) {
    long predicted = predicted(c);
    if (predicted == 0) {
      return support(c) == 0 ? Double.NaN : 0;
    }
    return (double) right(c) / predicted;
  }

  double recall(int c) {
    return (double) right(c) / support(c);
  }

  double f1(int c) {
    long support = support(c);
    return support == 0 ? Double.NaN : 2.0 * right(c) / (support + predicted(c));
  }

  double accuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += right(c);
    }
    return (double) right / rows();
  }

  double balancedAccuracy() {
    return macro(this::recall);
  }

  double precision() {
    return headline(this::precision);
  }

  double recall() {
    return headline(this::recall);
  }

  double f1() {
    return headline(this::f1);
  }

  double weightedPrecision() {
    return weighted(this::precision);
  }

  double weightedF1() {
    return weighted(this::f1);
  }

  double rocAuc() {
    if (positive >= 0) {
      return rocAucs[positive];
    }
    double sum = 0;
    int defined = 0;
    for (double auc : rocAucs) {
      if (!Double.isNaN(auc)) {
        sum += auc;
        defined++;
      }
    }
    return sum / defined;
  }

  double prAuc() {
    return headline(c -> averagePrecisions[c]);
  }

  double logLoss() {
    return logLossSum / rows();
  }

  double brier() {
    return brierSum / rows();
  }

  double expectedCalibrationError() {
    double sum = 0;
    for (int bin = 0; bin < binRows.length; bin++) {
      sum += Math.abs(binRight[bin] - binConfidence[bin]);
    }
    return sum / rows();
  }

  private double headline(IntToDoubleFunction ofClass) {
    return positive >= 0 ? ofClass.applyAsDouble(positive) : macro(ofClass);
  }

  private double macro(IntToDoubleFunction ofClass) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (support(c) > 0) {
        sum += ofClass.applyAsDouble(c);
        present++;
      }
    }
    return sum / present;
  }

  private double weighted(IntToDoubleFunction ofClass) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      long support = support(c);
      if (support > 0) {
        sum += support * ofClass.applyAsDouble(c);
      }
    }
    return sum / rows();
  }

  Optional<String> absentClasses() {
    int absent = 0;
    for (int c = 0; c < classes; c++) {
      absent += support(c) == 0 ? 1 : 0;
    }
    return absent == 0
        ? Optional.empty()
        : Optional.of(
            "%d of %d classes have no row here and are left out".formatted(absent, classes));
  }

  Optional<String> recallNote() {
    if (positive < 0) {
      return absentClasses();
    }
    return support(positive) > 0
        ? Optional.empty()
        : Optional.of("undefined: no row of the positive class");
  }

  Optional<String> rocAucNote() {
    if (positive < 0) {
      return Double.isNaN(rocAuc())
          ? Optional.of("undefined: rows of one class only")
          : absentClasses();
    }
    return Double.isNaN(rocAucs[positive])
        ? Optional.of("undefined: rows of one class only")
        : Optional.empty();
  }

  Optional<String> precisionNote() {
    if (positive < 0) {
      return weightedPrecisionNote().or(this::absentClasses);
    }
    if (predicted(positive) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        support(positive) == 0
            ? "undefined: the positive class neither occurs nor is predicted"
            : "no row is predicted to be of the positive class, which counts as 0");
  }

  Optional<String> weightedPrecisionNote() {
    int never = 0;
    for (int c = 0; c < classes; c++) {
      never += support(c) > 0 && predicted(c) == 0 ? 1 : 0;
    }
    return never == 0
        ? Optional.empty()
        : Optional.of(
            "%d of %d classes are never predicted, which counts as 0".formatted(never, classes));
  }
}
