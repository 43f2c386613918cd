package sluice.evaluation;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import sluice.decision.ConfusionMetrics;

/**
 * What the classification metrics are made of: counts and sums over the rows, each as often as it
 * is drawn.
 *
 * <ul>
 *   <li>Precision, recall, F1 and PR AUC are those of the positive class of two, and else the plain
 *       mean over the classes that have a row (macro). Weighted ones are means weighted by the
 *       classes' rows.
 *   <li>A class with rows that is never predicted has precision 0, as in scikit-learn, with a note.
 *   <li>Macro F1 is the plain mean over the classes that have a row, of two classes too.
 *   <li>MCC is {@link ConfusionMetrics#matthews}. Where all rows are of one class, or predicted to
 *       be, it is 0, as in scikit-learn, with a note.
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
 *       {@link Metrics#CONFIDENCE_BINS} equally wide bins of the most probable class's probability,
 *       whatever is decided.
 * </ul>
 */
final class ClassCounts {
  final int classes;
  final int positive;

  /** Rows of true class t predicted as p, at t * classes + p; empty where only tallied. */
  final long[] confusion;

  /** By class: its rows, the rows predicted as it, and those that are both. */
  private final long[] support;

  private final long[] predicted;
  private final long[] right;

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
    this(
        positive,
        new long[classes * classes],
        bins,
        new long[classes],
        new long[classes],
        new long[classes]);
  }

  /** Counts by class alone, for the metrics that need no more. */
  ClassCounts(int positive, long[] support, long[] predicted, long[] right) {
    this(positive, new long[0], 0, support, predicted, right);
  }

  private ClassCounts(
      int positive, long[] confusion, int bins, long[] support, long[] predicted, long[] right) {
    this.classes = support.length;
    this.positive = positive;
    this.confusion = confusion;
    this.support = support;
    this.predicted = predicted;
    this.right = right;
    this.rocAucs = new double[classes];
    this.averagePrecisions = new double[classes];
    Arrays.fill(rocAucs, Double.NaN);
    Arrays.fill(averagePrecisions, Double.NaN);
    this.binRows = new long[bins];
    this.binRight = new long[bins];
    this.binConfidence = new double[bins];
  }

  /** Counts by class what the confusion matrix now holds. */
  void tally() {
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        long rows = confusion[t * classes + p];
        support[t] += rows;
        predicted[p] += rows;
        right[t] += t == p ? rows : 0;
      }
    }
  }

  long rows() {
    return Arrays.stream(support).sum();
  }

  /** Rows of a class. */
  long support(int c) {
    return support[c];
  }

  /** Rows predicted as a class. */
  long predicted(int c) {
    return predicted[c];
  }

  private long right(int c) {
    return right[c];
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
    return ConfusionMetrics.f1(right(c), support(c), predicted(c));
  }

  double accuracy() {
    return (double) Arrays.stream(right).sum() / rows();
  }

  double balancedAccuracy() {
    return classes == 2 && support(0) > 0 && support(1) > 0
        ? ConfusionMetrics.balancedAccuracy(right, support)
        : macro(this::recall);
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

  double macroF1() {
    return macro(this::f1);
  }

  double matthews() {
    return ConfusionMetrics.matthews(right, support, predicted);
  }

  private static boolean isOfOneClass(long[] byClass) {
    return Arrays.stream(byClass).filter(rows -> rows > 0).count() < 2;
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

  Optional<String> matthewsNote() {
    return isOfOneClass(support) || isOfOneClass(predicted)
        ? Optional.of("all rows are of one class, or predicted to be, which counts as 0")
        : Optional.empty();
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
