package sluice.evaluation;

import java.util.List;
import sluice.statistics.OrderSelection;

/**
 * Measures predicted numbers, each count in one pass over the rows and half a pass over the rows by
 * absolute error. Sums run in the order of the predictions. Memory: 20 bytes a row.
 */
final class ErrorMeasures implements Measures<ErrorSums> {
  private final NumberPredictions predictions;
  private final double[] errors;
  private final int[] byError;
  private final double mean;

  ErrorMeasures(NumberPredictions predictions) {
    this.predictions = predictions;
    int rows = predictions.rows();
    errors = new double[rows];
    long[] keys = new long[rows];
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      errors[row] = Math.abs(predictions.predicted(row) - predictions.truth(row));
      keys[row] = OrderSelection.ordered(errors[row]);
      sum += predictions.truth(row);
    }
    byError = Order.by(keys);
    mean = sum / rows;
  }

  @Override
  public List<Metric<ErrorSums>> metrics() {
    return Metrics.REGRESSION;
  }

  @Override
  public int rows() {
    return predictions.rows();
  }

  @Override
  public ErrorSums count(byte[] weights) {
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
    return new ErrorSums(rows, absolute, squared, variation, median(rows, weights));
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
