package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.RowIdentity;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.metric.Worst;

/**
 * Rows whose truth is a list of indices, of tags or of names, with any number of probabilities
 * each.
 *
 * @param truths by row
 * @param probabilities by row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by sameTruths alone
record IndexedRows(RowIdentity identity, int[][] truths, float[][] probabilities) {

  /** Makes predictions of rows. */
  interface Form {
    Predictions of(
        long[] keyHashes, int[][] truths, float[][] probabilities, List<SliceColumn> slices);
  }

  /** Tells one row's error. */
  interface Wrong {
    RowError of(long keyHash, List<String> truth, List<String> guesses, int wrong);
  }

  /** The rows in an order that does not depend on how they come. */
  static IndexedRows of(
      long[] keyHashes, int[][] truths, float[][] probabilities, List<SliceColumn> slices) {
    RowIdentity identity = RowIdentity.of(keyHashes, truths.length, slices);
    Comparator<Integer> byTruth = (a, b) -> Arrays.compare(truths[a], truths[b]);
    Comparator<Integer> byContent =
        byTruth.thenComparing((a, b) -> Arrays.compare(probabilities[a], probabilities[b]));
    return new IndexedRows(identity, truths, probabilities).select(identity.order(byContent));
  }

  /** Takes them row by row: how many indices there are, then these and the probabilities. */
  static Predictions.Builder builder(int rows, Form form) {
    int[][] truths = new int[rows][];
    float[][] probabilities = new float[rows][];
    return new Predictions.Builder() {
      @Override
      public void put(int row, double indices, double[] packed) {
        truths[row] = new int[(int) indices];
        Arrays.setAll(truths[row], i -> (int) packed[i]);
        probabilities[row] = new float[packed.length - truths[row].length];
        for (int i = 0; i < probabilities[row].length; i++) {
          probabilities[row][i] = (float) packed[truths[row].length + i];
        }
      }

      @Override
      public Predictions build(long[] keyHashes, List<SliceColumn> slices) {
        return form.of(keyHashes, truths, probabilities, slices);
      }
    };
  }

  int count() {
    return truths.length;
  }

  IndexedRows select(int[] rows) {
    int[][] ownTruths = new int[rows.length][];
    float[][] own = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      ownTruths[i] = truths[rows[i]];
      own[i] = probabilities[rows[i]];
    }
    return new IndexedRows(identity.select(rows), ownTruths, own);
  }

  boolean sameTruths(IndexedRows other) {
    return identity.sameKeys(other.identity) && Arrays.deepEquals(truths, other.truths);
  }

  /**
   * The rows with most that is wrong, of those that have any.
   *
   * @param guesses the predicted indices of a row
   * @param wrong how many of a row's are wrong
   */
  List<RowError> worst(
      Label label, int most, IntFunction<int[]> guesses, IntUnaryOperator wrong, Wrong form) {
    int[] counts = IntStream.range(0, count()).map(wrong).toArray();
    List<RowError> worst = new ArrayList<>();
    for (int row : Worst.rows(count(), most, row -> counts[row])) {
      if (counts[row] > 0) {
        worst.add(
            form.of(
                identity.keyHash(row),
                named(label, truths[row]),
                named(label, guesses.apply(row)),
                counts[row]));
      }
    }
    return worst;
  }

  private static List<String> named(Label label, int[] indices) {
    return Arrays.stream(indices).mapToObj(label.classes()::get).toList();
  }
}
