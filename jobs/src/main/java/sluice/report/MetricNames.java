package sluice.report;

import java.util.Map;

/** The names that people use for the metrics of {@code metrics.json}. */
public final class MetricNames {
  private static final Map<String, String> SHOWN =
      Map.ofEntries(
          Map.entry("accuracy", "Accuracy"),
          Map.entry("balancedAccuracy", "Balanced accuracy"),
          Map.entry("precision", "Precision"),
          Map.entry("recall", "Recall"),
          Map.entry("f1", "F1"),
          Map.entry("macroF1", "F1, macro"),
          Map.entry("mcc", "Matthews correlation"),
          Map.entry("weightedPrecision", "Precision, weighted"),
          Map.entry("weightedRecall", "Recall, weighted"),
          Map.entry("weightedF1", "F1, weighted"),
          Map.entry("rocAuc", "ROC AUC"),
          Map.entry("prAuc", "PR AUC"),
          Map.entry("logLoss", "Log loss"),
          Map.entry("brier", "Brier score"),
          Map.entry("ece", "Calibration error"),
          Map.entry("rmse", "RMSE"),
          Map.entry("mae", "MAE"),
          Map.entry("r2", "R²"),
          Map.entry("medianAbsoluteError", "Median absolute error"));

  private MetricNames() {}

  /** The name to show; a metric that is not known keeps its own. */
  public static String shown(String metric) {
    return SHOWN.getOrDefault(metric, metric);
  }
}
