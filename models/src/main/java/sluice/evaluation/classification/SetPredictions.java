package sluice.evaluation.classification;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.SliceColumn;

/**
 * The probability of each name of sets beside the true sets. A name is predicted if its probability
 * is at least one half. Memory: 4 x names bytes a row, and 4 a true name.
 */
public final class SetPredictions implements Predictions {
  private static final float THRESHOLD = 0.5f;

  private final int names;

  /** By row the indices of the true names, ascending, and a probability of each name. */
  private final IndexedRows rows;

  private SetPredictions(int names, IndexedRows rows) {
    this.names = names;
    this.rows = rows;
  }

  /**
   * Predictions of these rows.
   *
   * @param keyHashes {@link Predictions#keyHash} a row
   * @param truths of each row the indices of the true names, ascending
   * @param probabilities of each row one a name
   * @throws IllegalArgumentException if lengths differ
   */
  public static SetPredictions of(
      int names,
      long[] keyHashes,
      int[][] truths,
      float[][] probabilities,
      List<SliceColumn> slices) {
    for (int row = 0; row < truths.length; row++) {
      if (probabilities[row].length != names) {
        throw new IllegalArgumentException(
            "row %d: %d probabilities of %d names"
                .formatted(row, probabilities[row].length, names));
      }
    }
    return new SetPredictions(names, IndexedRows.of(keyHashes, truths, probabilities, slices));
  }

  /** Takes predictions row by row. */
  public static Predictions.Builder builder(int names, int rows) {
    return IndexedRows.builder(
        rows,
        (keyHashes, truths, probabilities, slices) ->
            of(names, keyHashes, truths, probabilities, slices));
  }

  /** The indices of the names that are predicted by these probabilities, ascending. */
  public static int[] predicted(float[] probabilities) {
    return predicted(probabilities, 0, probabilities.length);
  }

  /** The same of probabilities within an array of many. */
  public static int[] predicted(float[] probabilities, int from, int names) {
    return IntStream.range(0, names)
        .filter(name -> probabilities[from + name] >= THRESHOLD)
        .toArray();
  }

  /** How many names there are. */
  int names() {
    return names;
  }

  /** The indices of the true names of a row, ascending. */
  int[] truth(int row) {
    return rows.truths()[row];
  }

  /** The indices of the predicted names of a row, ascending. */
  int[] guesses(int row) {
    return predicted(rows.probabilities()[row]);
  }

  float probability(int row, int name) {
    return rows.probabilities()[row][name];
  }

  @Override
  public int rows() {
    return rows.count();
  }

  @Override
  public long keyHash(int row) {
    return rows.identity().keyHash(row);
  }

  @Override
  public List<SliceColumn> slices() {
    return rows.identity().slices();
  }

  @Override
  public SetPredictions select(int[] some) {
    return new SetPredictions(names, rows.select(some));
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof SetPredictions that
        && names == that.names
        && rows.sameTruths(that.rows);
  }

  @Override
  public Measures<?> measures(Label label) {
    return new SetMeasures(this);
  }

  @Override
  public Details details(Label label) {
    ClassCounts counts = new SetMeasures(this).count();
    return new Details.OfSets(
        IntStream.range(0, names)
            .mapToObj(
                name ->
                    new Details.ClassLine(
                        label.classes().get(name),
                        counts.support(name),
                        defined(counts.precision(name)),
                        defined(counts.recall(name)),
                        defined(counts.f1(name)),
                        defined(counts.rocAucs[name]),
                        defined(counts.averagePrecisions[name])))
            .toList());
  }

  private static @Nullable Double defined(double value) {
    return Double.isNaN(value) ? null : value;
  }

  @Override
  public List<RowError> worst(Label label, int most) {
    return rows.worst(label, most, this::guesses, this::wrongNames, RowError.OfSets::new);
  }

  private int wrongNames(int row) {
    int[] guesses = guesses(row);
    int right =
        (int)
            Arrays.stream(guesses)
                .filter(name -> Arrays.binarySearch(rows.truths()[row], name) >= 0)
                .count();
    return rows.truths()[row].length + guesses.length - 2 * right;
  }
}
