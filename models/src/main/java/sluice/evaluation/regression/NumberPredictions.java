package sluice.evaluation.regression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.RowIdentity;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.metric.Worst;

/**
 * Predicted numbers beside the true ones, in the units of the label. Memory: 24 + 4 x slice columns
 * bytes a row.
 */
public final class NumberPredictions implements Predictions {
  private final RowIdentity identity;
  private final double[] truth;
  private final double[] predicted;

  private NumberPredictions(RowIdentity identity, double[] truth, double[] predicted) {
    this.identity = identity;
    this.truth = truth;
    this.predicted = predicted;
  }

  /**
   * Predictions of these rows; the arrays are copied.
   *
   * @param keyHashes {@link Predictions#keyHash(String)} a row
   * @throws IllegalArgumentException if lengths differ or a number is not finite
   */
  public static NumberPredictions of(
      long[] keyHashes, double[] truth, double[] predicted, List<SliceColumn> slices) {
    RowIdentity identity = RowIdentity.of(keyHashes, truth.length, slices);
    if (predicted.length != truth.length) {
      throw new IllegalArgumentException(
          "%d rows but %d predictions".formatted(truth.length, predicted.length));
    }
    for (int row = 0; row < truth.length; row++) {
      if (!Double.isFinite(truth[row]) || !Double.isFinite(predicted[row])) {
        throw new IllegalArgumentException(
            "truth and prediction must be finite, got %s and %s in row %d"
                .formatted(truth[row], predicted[row], row));
      }
    }
    Comparator<Integer> byTruth = Comparator.comparingDouble(row -> truth[row]);
    return new NumberPredictions(identity, truth, predicted)
        .select(identity.order(byTruth.thenComparingDouble(row -> predicted[row])));
  }

  /** Takes predictions row by row. */
  public static Predictions.Builder builder(int rows) {
    double[] truths = new double[rows];
    double[] numbers = new double[rows];
    return new Predictions.Builder() {
      @Override
      public void put(int row, double truth, double[] outputs) {
        truths[row] = truth;
        numbers[row] = outputs[0];
      }

      @Override
      public NumberPredictions build(long[] keyHashes, List<SliceColumn> slices) {
        return of(keyHashes, truths, numbers, slices);
      }
    };
  }

  @Override
  public Measures<?> measures(Label label) {
    return new ErrorMeasures(this);
  }

  @Override
  public Details details(Label label) {
    return NumberDetails.of(this);
  }

  @Override
  public List<RowError> worst(Label label, int most) {
    List<RowError> worst = new ArrayList<>();
    for (int row : Worst.rows(rows(), most, row -> Math.abs(predicted[row] - truth[row]))) {
      worst.add(new RowError.OfNumbers(keyHash(row), truth[row], predicted[row]));
    }
    return worst;
  }

  @Override
  public int rows() {
    return truth.length;
  }

  @Override
  public long keyHash(int row) {
    return identity.keyHash(row);
  }

  public double truth(int row) {
    return truth[row];
  }

  public double predicted(int row) {
    return predicted[row];
  }

  @Override
  public List<SliceColumn> slices() {
    return identity.slices();
  }

  @Override
  public NumberPredictions select(int[] rows) {
    double[] truths = new double[rows.length];
    double[] predictions = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      truths[i] = truth[rows[i]];
      predictions[i] = predicted[rows[i]];
    }
    return new NumberPredictions(identity.select(rows), truths, predictions);
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof NumberPredictions that
        && identity.sameKeys(that.identity)
        && IntStream.range(0, rows()).allMatch(i -> (float) truth[i] == (float) that.truth[i]);
  }
}
