package sluice.evaluation.regression;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import sluice.evaluation.metric.Details;

/** Makes {@link Details.OfNumbers}. */
final class NumberDetails {
  private static final int BINS = 40;
  private static final double TAIL = 0.005;

  private NumberDetails() {}

  static Details.OfNumbers of(NumberPredictions predictions) {
    int rows = predictions.rows();
    if (rows == 0) {
      return new Details.OfNumbers(List.of(), List.of(), List.of(), List.of(), List.of());
    }
    IntToDoubleFunction residual = row -> predictions.predicted(row) - predictions.truth(row);
    double[] actualEdges = edges(rows, predictions::truth);
    double[] predictedEdges = edges(rows, predictions::predicted);
    double[] residualEdges = edges(rows, residual);
    long[][] counts = new long[BINS][BINS];
    long[] residuals = new long[BINS];
    for (int row = 0; row < rows; row++) {
      counts[bin(predictions.predicted(row), predictedEdges)][
          bin(predictions.truth(row), actualEdges)]++;
      residuals[bin(residual.applyAsDouble(row), residualEdges)]++;
    }
    return new Details.OfNumbers(
        DoubleStream.of(actualEdges).boxed().toList(),
        DoubleStream.of(predictedEdges).boxed().toList(),
        Arrays.stream(counts).map(line -> Arrays.stream(line).boxed().toList()).toList(),
        DoubleStream.of(residualEdges).boxed().toList(),
        Arrays.stream(residuals).boxed().toList());
  }

  /** Equally wide bins between two quantiles, about the value itself if they are the same. */
  private static double[] edges(int rows, IntToDoubleFunction values) {
    double[] sorted = IntStream.range(0, rows).mapToDouble(values).sorted().toArray();
    double low = sorted[(int) (TAIL * (rows - 1))];
    double high = sorted[rows - 1 - (int) (TAIL * (rows - 1))];
    if (!(high - low > Math.ulp(Math.max(Math.abs(low), Math.abs(high))) * BINS)) {
      double margin = Math.max(0.5, Math.abs(low) * 1e-6);
      low -= margin;
      high += margin;
    }
    double width = (high - low) / BINS;
    double[] edges = new double[BINS + 1];
    for (int i = 0; i < BINS; i++) {
      edges[i] = low + i * width;
    }
    edges[BINS] = high;
    return edges;
  }

  private static int bin(double value, double[] edges) {
    int found = Arrays.binarySearch(edges, value);
    int bin = found >= 0 ? found : -found - 2;
    return Math.min(Math.max(bin, 0), BINS - 1);
  }
}
