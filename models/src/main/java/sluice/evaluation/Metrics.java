package sluice.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.data.Task;

/**
 * Every metric, by task. What is undefined is null with a note, never NaN; each rule stands at
 * {@link ClassCounts} and {@link ErrorSums}.
 */
public final class Metrics {
  /** The equally wide bins of probabilities for calibration and its error. */
  public static final int CONFIDENCE_BINS = 15;

  static final List<Metric<ClassCounts>> CLASSIFICATION =
      List.of(
          new Metric<>("accuracy", Direction.HIGHER, ClassCounts::accuracy),
          new Metric<>(
              "balancedAccuracy",
              Direction.HIGHER,
              ClassCounts::balancedAccuracy,
              ClassCounts::absentClasses),
          new Metric<>(
              "precision", Direction.HIGHER, ClassCounts::precision, ClassCounts::precisionNote),
          new Metric<>("recall", Direction.HIGHER, ClassCounts::recall, ClassCounts::recallNote),
          new Metric<>("f1", Direction.HIGHER, ClassCounts::f1, ClassCounts::recallNote),
          new Metric<>(
              "macroF1", Direction.HIGHER, ClassCounts::macroF1, ClassCounts::absentClasses),
          new Metric<>("mcc", Direction.HIGHER, ClassCounts::matthews, ClassCounts::matthewsNote),
          new Metric<>(
              "weightedPrecision",
              Direction.HIGHER,
              ClassCounts::weightedPrecision,
              ClassCounts::weightedPrecisionNote),
          new Metric<>("weightedRecall", Direction.HIGHER, ClassCounts::accuracy),
          new Metric<>("weightedF1", Direction.HIGHER, ClassCounts::weightedF1),
          new Metric<>("rocAuc", Direction.HIGHER, ClassCounts::rocAuc, ClassCounts::rocAucNote),
          new Metric<>("prAuc", Direction.HIGHER, ClassCounts::prAuc, ClassCounts::recallNote),
          new Metric<>("logLoss", Direction.LOWER, ClassCounts::logLoss),
          new Metric<>("brier", Direction.LOWER, ClassCounts::brier),
          new Metric<>("ece", Direction.LOWER, ClassCounts::expectedCalibrationError));

  static final List<Metric<ErrorSums>> REGRESSION =
      List.of(
          new Metric<>("rmse", Direction.LOWER, ErrorSums::rootMeanSquaredError),
          new Metric<>("mae", Direction.LOWER, ErrorSums::meanAbsoluteError),
          new Metric<>("r2", Direction.HIGHER, ErrorSums::r2, ErrorSums::r2Note),
          new Metric<>("medianAbsoluteError", Direction.LOWER, ErrorSums::medianAbsoluteError));

  private Metrics() {}

  /** One of some metrics. */
  static <T> Metric<T> named(String name, List<Metric<T>> metrics) {
    return metrics.stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }

  private static List<? extends Metric<?>> of(Task task) {
    return task == Task.REGRESSION ? REGRESSION : CLASSIFICATION;
  }

  /** The names of a task's metrics, in the order in which they are shown. */
  public static List<String> names(Task task) {
    return of(task).stream().<String>map(Metric::name).toList();
  }

  /** The metrics of a task that tables begin with. */
  public static List<String> headline(Task task) {
    return switch (task) {
      case BINARY ->
          List.of(
              "rocAuc", "prAuc", "f1", "balancedAccuracy", "accuracy", "logLoss", "brier", "ece");
      case MULTICLASS ->
          List.of("accuracy", "balancedAccuracy", "f1", "rocAuc", "logLoss", "brier", "ece");
      case REGRESSION -> names(task);
    };
  }

  /**
   * Which direction of a metric is an improvement.
   *
   * @throws IllegalArgumentException if no metric has this name
   */
  public static Direction better(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no metric " + name)).better();
  }

  /** Whether a metric of any task has this name. */
  public static boolean has(String name) {
    return find(name).isPresent();
  }

  private static Optional<Metric<?>> find(String name) {
    return Stream.<Metric<?>>concat(CLASSIFICATION.stream(), REGRESSION.stream())
        .filter(metric -> metric.name().equals(name))
        .findFirst();
  }
}
