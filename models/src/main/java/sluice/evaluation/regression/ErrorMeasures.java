package sluice.evaluation.regression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Order;
import sluice.statistics.OrderSelection;

/**
 * Measures predicted numbers, each count in one pass over the rows and half a pass over the rows by
 * absolute error. Sums run in the order of the predictions. Memory: 20 bytes a row, and 8 for each
 * metric that is a mean over the rows.
 */
final class ErrorMeasures implements Measures<ErrorSums> {
  private final NumberPredictions predictions;
  private final double[] errors;
  private final int[] byError;
  private final double mean;
  private final List<NumberMetric.OfRows> ofRows;

  /** By metric that is a mean of a figure of each row, then by row. */
  private final double[][] figures;

  ErrorMeasures(NumberPredictions predictions) {
    this.predictions = predictions;
    int rows = predictions.rows();
    errors = new double[rows];
    long[] keys = new long[rows];
    ofRows = NumberMetrics.ofRows();
    figures = new double[ofRows.size()][rows];
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int m = 0; m < figures.length; m++) {
        figures[m][row] = ofRows.get(m).of(predictions.truth(row), predictions.predicted(row));
      }
      errors[row] = Math.abs(predictions.predicted(row) - predictions.truth(row));
      keys[row] = OrderSelection.ordered(errors[row]);
      sum += predictions.truth(row);
    }
    byError = Order.by(keys);
    mean = sum / rows;
  }

  @Override
  public List<NumberMetric> metrics() {
    return NumberMetrics.ALL;
  }

  @Override
  public int rows() {
    return predictions.rows();
  }

  @Override
  public ErrorSums count(byte[] weights) {
    double[] sums = new double[figures.length];
    long rows = 0;
    double absolute = 0;
    double squared = 0;
    double centred = 0;
    double centredSquares = 0;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < errors.length; row++) {
      int weight = weights[row];
      if (weight == 0) {
        continue;
      }
      double error = errors[row];
      double truth = predictions.truth(row);
      double fromMean = truth - mean;
      for (int m = 0; m < figures.length; m++) {
        sums[m] += weight * figures[m][row];
      }
      rows += weight;
      absolute += weight * error;
      squared += weight * error * error;
      centred += weight * fromMean;
      centredSquares += weight * fromMean * fromMean;
      least = Math.min(least, truth);
      greatest = Math.max(greatest, truth);
    }
    // The distances from the mean of all rows, moved to the mean of the drawn ones.
    double variation = least < greatest ? centredSquares - centred * centred / rows : 0;
    Map<NumberMetric.OfRows, Double> byMetric = new HashMap<>();
    for (int m = 0; m < sums.length; m++) {
      byMetric.put(ofRows.get(m), sums[m]);
    }
    return new ErrorSums(rows, absolute, squared, variation, median(rows, weights), byMetric);
  }

  private double median(long rows, byte[] weights) {
    if (rows == 0) {
      return Double.NaN;
    }
    long seen = 0;
    int at = -1;
    while (2 * seen < rows) {
      seen += weights[byError[++at]];
    }
    double lower = errors[byError[at]];
    if (2 * seen > rows) {
      return lower;
    }
    do {
      at++;
    } while (weights[byError[at]] == 0);
    return (lower + errors[byError[at]]) / 2;
  }
}
