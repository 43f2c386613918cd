package sluice.evaluation.regression;

import java.util.Map;

/**
 * What the regression metrics are made of.
 *
 * @param rows how many, each as often as it is drawn
 * @param absolute the sum of absolute errors
 * @param squared the sum of squared errors
 * @param variation the sum of squared distances of the truth from its mean; 0 exactly if constant
 * @param medianAbsoluteError NaN without rows, and where errors have not been kept
 * @param ofRows the sums of the metrics that are means of a figure of each row
 */
public record ErrorSums(
    long rows,
    double absolute,
    double squared,
    double variation,
    double medianAbsoluteError,
    Map<NumberMetric.OfRows, Double> ofRows) {
  public ErrorSums {
    ofRows = Map.copyOf(ofRows);
  }

  /** The mean of a figure over the rows; NaN where it has not been gathered. */
  public double mean(NumberMetric.OfRows metric) {
    return ofRows.getOrDefault(metric, Double.NaN) / rows;
  }
}
