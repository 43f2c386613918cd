package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.decision.OperatingPoints;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;

/** Makes {@link Details.OfClasses}. */
final class ClassDetails {
  private static final int MOST_POINTS = 500;
  private static final int THRESHOLD_STEPS = 200;

  private ClassDetails() {}

  static Details.OfClasses of(
      ClassPredictions predictions, Label label, ClassMeasures.Ranking ranking) {
    int positive = label.positiveIndex();
    ClassMeasures measures = new ClassMeasures(predictions, positive, ranking);
    ClassCounts counts = measures.count();
    int classes = predictions.classes();
    List<List<Long>> confusion = new ArrayList<>();
    List<Details.ClassLine> lines = new ArrayList<>();
    List<Details.Curve> roc = new ArrayList<>();
    List<Details.Curve> precisionRecall = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      confusion.add(
          Arrays.stream(counts.confusion, c * classes, (c + 1) * classes).boxed().toList());
      double rocAuc = counts.rocAucs[c];
      double prAuc = counts.averagePrecisions[c];
      String name = label.classes().get(c);
      lines.add(
          new Details.ClassLine(
              name,
              counts.support(c),
              defined(counts.precision(c)),
              defined(counts.recall(c)),
              defined(counts.f1(c)),
              defined(rocAuc),
              defined(prAuc)));
      if (!Double.isNaN(rocAuc)) {
        roc.add(new Details.Curve(name, roc(measures.thresholds(c)), rocAuc));
      }
      if (!Double.isNaN(prAuc)) {
        precisionRecall.add(
            new Details.Curve(name, precisionRecall(measures.thresholds(c)), prAuc));
      }
    }
    return new Details.OfClasses(
        confusion,
        lines,
        roc,
        precisionRecall,
        calibration(predictions, positive),
        positive < 0 || predictions.rows() == 0
            ? List.of()
            : OperatingPoints.of(predictions, positive).evenly(THRESHOLD_STEPS));
  }

  private static @Nullable Double defined(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** Hits and misses at each threshold to rates. */
  private static List<Details.Point> roc(long[] thresholds) {
    double hits = thresholds[thresholds.length - 2];
    double misses = thresholds[thresholds.length - 1];
    List<Details.Point> points = new ArrayList<>();
    for (int i = 0; i < thresholds.length; i += 2) {
      points.add(new Details.Point(thresholds[i + 1] / misses, thresholds[i] / hits));
    }
    return thinned(points);
  }

  /** The first point, which has no precision of its own, takes that of the next. */
  private static List<Details.Point> precisionRecall(long[] thresholds) {
    double hits = thresholds[thresholds.length - 2];
    List<Details.Point> points = new ArrayList<>();
    for (int i = 2; i < thresholds.length; i += 2) {
      double precision = (double) thresholds[i] / (thresholds[i] + thresholds[i + 1]);
      if (i == 2) {
        points.add(new Details.Point(0, precision));
      }
      points.add(new Details.Point(thresholds[i] / hits, precision));
    }
    return thinned(points);
  }

  /** Leaves out points that are close to the last one kept; both ends stay. */
  static List<Details.Point> thinned(List<Details.Point> points) {
    List<Details.Point> kept = points;
    for (double gap = 1.0 / MOST_POINTS; kept.size() > MOST_POINTS; gap *= 1.5) {
      kept = new ArrayList<>();
      Details.Point last = points.get(0);
      kept.add(last);
      for (Details.Point point : points.subList(1, points.size() - 1)) {
        if (Math.abs(point.x() - last.x()) + Math.abs(point.y() - last.y()) >= gap) {
          kept.add(point);
          last = point;
        }
      }
      kept.add(points.get(points.size() - 1));
    }
    return kept;
  }

  private static List<Details.CalibrationBin> calibration(
      ClassPredictions predictions, int positive) {
    long[] rows = new long[ClassMeasures.CONFIDENCE_BINS];
    long[] came = new long[ClassMeasures.CONFIDENCE_BINS];
    double[] sum = new double[ClassMeasures.CONFIDENCE_BINS];
    for (int row = 0; row < predictions.rows(); row++) {
      int about = positive < 0 ? predictions.predicted(row) : positive;
      double probability = predictions.probability(row, about);
      int bin = ClassMeasures.bin(probability, ClassMeasures.CONFIDENCE_BINS);
      rows[bin]++;
      came[bin] += predictions.truth(row) == about ? 1 : 0;
      sum[bin] += probability;
    }
    List<Details.CalibrationBin> bins = new ArrayList<>();
    for (int bin = 0; bin < ClassMeasures.CONFIDENCE_BINS; bin++) {
      if (rows[bin] > 0) {
        bins.add(
            new Details.CalibrationBin(
                sum[bin] / rows[bin], (double) came[bin] / rows[bin], rows[bin]));
      }
    }
    return bins;
  }
}
