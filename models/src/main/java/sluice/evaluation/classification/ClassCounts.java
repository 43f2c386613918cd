package sluice.evaluation.classification;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import sluice.decision.ConfusionMetrics;

/**
 * What the classification metrics are made of: counts and sums over the rows, each as often as it
 * is drawn.
 */
public final class ClassCounts {
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

  /** Of tags: the spans that they tell, if they do, and the tokens that were not read. */
  private @Nullable SpanCounts spans;

  private long unread;

  /** Of sets: what is counted by row. */
  private @Nullable SetCounts sets;

  private final List<ClassMetric.OfRows> ofRows;

  /** The sums over the rows of each of {@link #ofRows}. */
  final double[] sums;

  /**
   * Nothing counted yet.
   *
   * @param positive the index of the positive class of two, or -1
   * @param ofRows the metrics that are means of a figure of each row
   */
  ClassCounts(int classes, int positive, int bins, List<ClassMetric.OfRows> ofRows) {
    this(
        positive,
        new long[classes * classes],
        new ByClass(new long[classes], new long[classes], new long[classes]),
        bins,
        ofRows);
  }

  /** Counts by class alone, for the metrics that need no more. */
  ClassCounts(int positive, ByClass counted) {
    this(positive, new long[0], counted, 0, List.of());
  }

  /**
   * Rows by class.
   *
   * @param support that truly belong to it
   * @param predicted that are predicted to
   * @param right that are both
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
  record ByClass(long[] support, long[] predicted, long[] right) {
    /**
     * Counts the sets of a row.
     *
     * @param truth the names that are true, ascending
     * @param guesses the names that are predicted
     * @return how many are both
     */
    int add(int[] truth, int[] guesses, int times) {
      for (int name : truth) {
        support[name] += times;
      }
      int both = 0;
      for (int name : guesses) {
        predicted[name] += times;
        if (Arrays.binarySearch(truth, name) >= 0) {
          right[name] += times;
          both++;
        }
      }
      return both;
    }
  }

  private ClassCounts(
      int positive, long[] confusion, ByClass counted, int bins, List<ClassMetric.OfRows> ofRows) {
    this.support = counted.support();
    this.predicted = counted.predicted();
    this.right = counted.right();
    this.classes = support.length;
    this.positive = positive;
    this.confusion = confusion;
    this.ofRows = ofRows;
    this.sums = new double[ofRows.size()];
    this.rocAucs = new double[classes];
    this.averagePrecisions = new double[classes];
    Arrays.fill(rocAucs, Double.NaN);
    Arrays.fill(averagePrecisions, Double.NaN);
    this.binRows = new long[bins];
    this.binRight = new long[bins];
    this.binConfidence = new double[bins];
  }

  /** Sets both areas under the curves of a class. */
  void setAreas(int c, Areas areas) {
    rocAucs[c] = areas.roc();
    averagePrecisions[c] = areas.averagePrecision();
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

  /** Sets what there is of tags alone. */
  void setTags(@Nullable SpanCounts told, long tokens) {
    spans = told;
    unread = tokens;
  }

  /** Sets what there is of sets alone. */
  void setSets(SetCounts counted) {
    sets = counted;
  }

  /** Of sets what is counted by row; null of anything else. */
  @Nullable SetCounts sets() {
    return sets;
  }

  /** The spans that tags tell; null if there are no such tags. */
  @Nullable SpanCounts spans() {
    return spans;
  }

  /** The tokens that were not read. */
  long unread() {
    return unread;
  }

  /** How many there are. */
  public long rows() {
    return Arrays.stream(support).sum();
  }

  /** How many classes there are. */
  public int classes() {
    return classes;
  }

  /** The index of the positive class of two, or -1. */
  public int positive() {
    return positive;
  }

  /** Rows of a class. */
  public long support(int c) {
    return support[c];
  }

  /** Rows predicted as a class. */
  public long predicted(int c) {
    return predicted[c];
  }

  /** Rows of a class that are predicted as it. */
  public long right(int c) {
    return right[c];
  }

  /** Of the rows predicted as a class, the share that are of it. */
  public double precision(int c) {
    long predicted = predicted(c);
    if (predicted == 0) {
      return support(c) == 0 ? Double.NaN : 0;
    }
    return (double) right(c) / predicted;
  }

  /** Of the rows of a class, the share that are predicted as it. */
  public double recall(int c) {
    return (double) right(c) / support(c);
  }

  double f1(int c) {
    return ConfusionMetrics.f1(right(c), support(c), predicted(c));
  }

  /** The share of rows that are predicted right. */
  public double accuracy() {
    return (double) Arrays.stream(right).sum() / rows();
  }

  double balancedAccuracy() {
    return classes == 2 && support(0) > 0 && support(1) > 0
        ? ConfusionMetrics.balancedAccuracy(right, support)
        : macro(this::recall);
  }

  double matthews() {
    return ConfusionMetrics.matthews(right, support, predicted);
  }

  private static boolean isOfOneClass(long[] byClass) {
    return Arrays.stream(byClass).filter(rows -> rows > 0).count() < 2;
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

  double expectedCalibrationError() {
    double sum = 0;
    for (int bin = 0; bin < binRows.length; bin++) {
      sum += Math.abs(binRight[bin] - binConfidence[bin]);
    }
    return sum / rows();
  }

  /** The mean over the rows of a figure of each; NaN where it has not been gathered. */
  double mean(ClassMetric.OfRows metric) {
    int at = ofRows.indexOf(metric);
    return at < 0 ? Double.NaN : sums[at] / rows();
  }

  /** Of the positive class of two, and else {@link #macro}. */
  double headline(IntToDoubleFunction ofClass) {
    return positive >= 0 ? ofClass.applyAsDouble(positive) : macro(ofClass);
  }

  /** The plain mean over the classes that have a row. */
  double macro(IntToDoubleFunction ofClass) {
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

  /** The mean over the classes, weighted by their rows. */
  double weighted(IntToDoubleFunction ofClass) {
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
            "%d of %d %s have no row here and are left out"
                .formatted(absent, classes, sets == null ? "classes" : "names"));
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
          ? Optional.of(
              sets == null
                  ? "undefined: rows of one class only"
                  : "undefined: no name that some rows have and others do not")
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
