package sluice.evaluation.metric;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.decision.OperatingPoint;

/** What a page shows of one model on one part beyond its {@link Scores}. */
public sealed interface Details {

  /**
   * Of class probabilities.
   *
   * @param confusion rows by true class, then predicted class
   * @param classes a line a class
   * @param roc false positive rate to true positive rate: of the positive class, or of each class
   *     against the rest; classes without a curve are left out
   * @param precisionRecall recall to precision, likewise
   * @param calibration as many equally wide bins as the calibration error has, of the probability
   *     of the positive class, or of more than two classes of the most probable one; bins without
   *     rows are left out
   * @param thresholds of two classes, what 201 evenly spaced thresholds make of the rows, by rising
   *     threshold; empty without rows
   */
  record OfClasses(
      List<List<Long>> confusion,
      List<ClassLine> classes,
      List<Curve> roc,
      List<Curve> precisionRecall,
      List<CalibrationBin> calibration,
      List<OperatingPoint> thresholds)
      implements Details {
    public OfClasses {
      confusion = confusion.stream().map(List::copyOf).toList();
      classes = List.copyOf(classes);
      roc = List.copyOf(roc);
      precisionRecall = List.copyOf(precisionRecall);
      calibration = List.copyOf(calibration);
      thresholds = List.copyOf(thresholds);
    }
  }

  /**
   * Of sets.
   *
   * @param names a line a name, whose areas are known where rows have it and others do not
   */
  record OfSets(List<ClassLine> names) implements Details {
    public OfSets {
      names = List.copyOf(names);
    }
  }

  /**
   * How well a class is found, or a name; null where undefined, by the rules of the metrics. The
   * areas of a binary task are known for its positive class only.
   *
   * @param support how many rows truly belong to it
   */
  record ClassLine(
      String name,
      long support,
      @Nullable Double precision,
      @Nullable Double recall,
      @Nullable Double f1,
      @Nullable Double rocAuc,
      @Nullable Double prAuc) {}

  /**
   * A curve of at most some 500 points that no eye can tell from the whole.
   *
   * @param name the class
   * @param area the area under the whole curve
   */
  record Curve(String name, List<Point> points, double area) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** A point of a curve. */
  record Point(double x, double y) {}

  /**
   * Rows of about equal predicted probability.
   *
   * @param meanPredicted the mean of their predicted probabilities
   * @param observed the share of them for which it came true
   */
  record CalibrationBin(double meanPredicted, double observed, long rows) {}

  /**
   * Of numbers. Edges rise and lie between the 0.5 % and the 99.5 % quantile; what lies beyond is
   * in the outermost bins.
   *
   * @param actualEdges of the bins of true values
   * @param predictedEdges of the bins of predicted values
   * @param counts rows by bin of predicted value, then bin of true value; empty without rows
   * @param residualEdges of the bins of predicted less true value
   * @param residuals rows by bin
   */
  record OfNumbers(
      List<Double> actualEdges,
      List<Double> predictedEdges,
      List<List<Long>> counts,
      List<Double> residualEdges,
      List<Long> residuals)
      implements Details {
    public OfNumbers {
      actualEdges = List.copyOf(actualEdges);
      predictedEdges = List.copyOf(predictedEdges);
      counts = counts.stream().map(List::copyOf).toList();
      residualEdges = List.copyOf(residualEdges);
      residuals = List.copyOf(residuals);
    }
  }
}
