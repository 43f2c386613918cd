package sluice.stages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;
import sluice.decision.OperatingPoint;
import sluice.evaluation.Evaluation;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.metric.Details;
import sluice.report.Bins;
import sluice.report.ConfusionMatrix;
import sluice.report.Curves;
import sluice.report.Figure;
import sluice.report.PerClass;
import sluice.report.Point;
import sluice.report.RegressionFit;
import sluice.report.Section;

/** The sections that show predictions beside the truth. */
final class MetricsSections {
  /** As many lines as have colours of their own. */
  private static final int MOST_CURVES = 8;

  private MetricsSections() {}

  /** Those of the task; none of numbers without a row. */
  static List<Section> of(Evaluation evaluation) {
    if (evaluation.test() instanceof Details.OfClasses classes) {
      List<Section> sections = new ArrayList<>();
      if (evaluation.report().task().isOfClasses()) {
        sections.add(curves(evaluation, classes));
      }
      sections.add(new ConfusionMatrix(evaluation.report().label().classes(), classes.confusion()));
      sections.add(
          perClass(
              classes.classes(),
              evaluation.report().task() == Task.MULTICLASS ? Areas.SHOWN : Areas.LEFT_OUT));
      return sections;
    }
    if (evaluation.test() instanceof Details.OfSets sets) {
      return List.of(perClass(sets.names(), Areas.SHOWN));
    }
    Details.OfNumbers numbers = (Details.OfNumbers) evaluation.test();
    return numbers.counts().isEmpty()
        ? List.of()
        : List.of(
            new RegressionFit(
                evaluation.report().label().column(),
                numbers.actualEdges(),
                numbers.predictedEdges(),
                numbers.counts(),
                new Bins(numbers.residualEdges(), numbers.residuals())));
  }

  /** The share of rows that are of the positive class of a binary task. */
  static Optional<Double> prevalence(Evaluation evaluation) {
    String positive = evaluation.report().label().positive();
    long rows = evaluation.report().test().rows();
    return evaluation.test() instanceof Details.OfClasses classes && positive != null && rows > 0
        ? classes.classes().stream()
            .filter(line -> line.name().equals(positive))
            .map(line -> (double) line.support() / rows)
            .findFirst()
        : Optional.empty();
  }

  private static Curves curves(Evaluation evaluation, Details.OfClasses network) {
    Map<String, Details.OfClasses> models = new LinkedHashMap<>();
    models.put(MetricsReport.NETWORK, network);
    evaluation
        .baselines()
        .forEach(
            (name, details) -> {
              if (details instanceof Details.OfClasses classes) {
                models.put(name, classes);
              }
            });
    List<Curves.CalibrationCurve> calibration = new ArrayList<>();
    models.forEach((name, classes) -> calibration.add(calibration(name, classes)));
    if (evaluation.uncalibrated() instanceof Details.OfClasses before) {
      calibration.add(1, calibration(MetricsReport.NETWORK + " before calibration", before));
    }
    if (evaluation.report().task() == Task.BINARY) {
      List<Curves.Curve> roc = new ArrayList<>();
      List<Curves.Curve> precisionRecall = new ArrayList<>();
      models.forEach(
          (name, classes) -> {
            classes.roc().forEach(curve -> roc.add(curve(name, curve)));
            classes.precisionRecall().forEach(curve -> precisionRecall.add(curve(name, curve)));
          });
      return new Curves(
          "Of the class “%s”.".formatted(evaluation.report().label().positive()),
          roc,
          precisionRecall,
          prevalence(evaluation).orElse(null),
          calibration,
          thresholds(evaluation, network));
    }
    return new Curves(
        (network.classes().size() > MOST_CURVES
                ? "The %d classes that the network ranks worst, each".formatted(MOST_CURVES)
                : "The network on each class")
            + " against the rest; calibration is that of the class a model predicts.",
        weakest(network.roc()),
        weakest(network.precisionRecall()),
        null,
        calibration,
        null);
  }

  /** Of the validation part, on which a threshold is chosen; without one of the test part. */
  private static Curves.@Nullable Thresholds thresholds(
      Evaluation evaluation, Details.OfClasses network) {
    List<OperatingPoint> validation =
        evaluation.validation() instanceof Details.OfClasses held ? held.thresholds() : List.of();
    List<OperatingPoint> points = validation.isEmpty() ? network.thresholds() : validation;
    MetricsReport.Decided decided = evaluation.report().decisions().get(MetricsReport.NETWORK);
    Double chosen = decided == null ? null : decided.threshold();
    if (points.isEmpty() || chosen == null) {
      return null;
    }
    return new Curves.Thresholds(
        "Thresholds: what each would come to on the %s rows"
            .formatted(validation.isEmpty() ? "judged" : "validation"),
        List.of(
            byThreshold("precision", points, OperatingPoint::precision),
            byThreshold("recall", points, OperatingPoint::recall),
            byThreshold("F1", points, OperatingPoint::f1),
            byThreshold("balanced accuracy", points, OperatingPoint::balancedAccuracy),
            byThreshold("Matthews correlation", points, OperatingPoint::matthews)),
        chosen);
  }

  private static Curves.Curve byThreshold(
      String name, List<OperatingPoint> points, ToDoubleFunction<OperatingPoint> metric) {
    return new Curves.Curve(
        name,
        points.stream()
            .filter(point -> !Double.isNaN(metric.applyAsDouble(point)))
            .map(point -> new Point(point.threshold(), metric.applyAsDouble(point)))
            .toList(),
        null);
  }

  private static List<Curves.Curve> weakest(List<Details.Curve> curves) {
    return curves.stream()
        .sorted(Comparator.comparingDouble(Details.Curve::area))
        .limit(MOST_CURVES)
        .map(curve -> curve(curve.name(), curve))
        .toList();
  }

  private static Curves.Curve curve(String name, Details.Curve curve) {
    return new Curves.Curve(
        name,
        curve.points().stream().map(point -> new Point(point.x(), point.y())).toList(),
        curve.area());
  }

  private static Curves.CalibrationCurve calibration(String name, Details.OfClasses classes) {
    return new Curves.CalibrationCurve(
        name,
        classes.calibration().stream()
            .map(bin -> new Curves.Bin(bin.meanPredicted(), bin.observed(), bin.rows()))
            .toList());
  }

  /** Whether the areas under the curves of each class are shown. */
  private enum Areas {
    SHOWN,
    LEFT_OUT
  }

  private static PerClass perClass(List<Details.ClassLine> classes, Areas areas) {
    return new PerClass(
        areas == Areas.SHOWN
            ? List.of("precision", "recall", "f1", "rocAuc", "prAuc")
            : List.of("precision", "recall", "f1"),
        classes.stream()
            .map(line -> new PerClass.ClassRow(line.name(), line.support(), figures(line, areas)))
            .toList());
  }

  private static List<Figure> figures(Details.ClassLine line, Areas areas) {
    List<Figure> figures = new ArrayList<>();
    figures.add(figure(line, line.precision()));
    figures.add(figure(line, line.recall()));
    figures.add(figure(line, line.f1()));
    if (areas == Areas.SHOWN) {
      figures.add(figure(line, line.rocAuc()));
      figures.add(figure(line, line.prAuc()));
    }
    return figures;
  }

  private static Figure figure(Details.ClassLine line, @Nullable Double value) {
    return value == null
        ? Figure.absent(line.support() == 0 ? "no row of this class" : "all rows are of this class")
        : Figure.of(value);
  }
}
