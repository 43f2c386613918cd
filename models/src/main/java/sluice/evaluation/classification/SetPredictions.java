package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.RowIdentity;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.metric.Worst;

/**
 * The probability of each name of sets beside the true sets. A name is predicted if its probability
 * is at least one half. Memory: 4 x names bytes a row, and 4 a true name.
 */
public final class SetPredictions implements Predictions {
  private static final float THRESHOLD = 0.5f;

  private final int names;
  private final RowIdentity identity;

  /** By row the indices of the true names, ascending. */
  private final int[][] truths;

  /** By row, then name. */
  private final float[][] probabilities;

  private SetPredictions(int names, RowIdentity identity, int[][] truths, float[][] probabilities) {
    this.names = names;
    this.identity = identity;
    this.truths = truths;
    this.probabilities = probabilities;
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
    RowIdentity identity = RowIdentity.of(keyHashes, truths.length, slices);
    for (int row = 0; row < truths.length; row++) {
      if (probabilities[row].length != names) {
        throw new IllegalArgumentException(
            "row %d: %d probabilities of %d names"
                .formatted(row, probabilities[row].length, names));
      }
    }
    Comparator<Integer> byTruth = (a, b) -> Arrays.compare(truths[a], truths[b]);
    Comparator<Integer> byContent =
        byTruth.thenComparing((a, b) -> Arrays.compare(probabilities[a], probabilities[b]));
    return new SetPredictions(names, identity, truths, probabilities)
        .select(identity.order(byContent));
  }

  /** Takes predictions row by row. */
  public static Predictions.Builder builder(int names, int rows) {
    int[][] truths = new int[rows][];
    float[][] probabilities = new float[rows][];
    return new Predictions.Builder() {
      @Override
      public void put(int row, double trueNames, double[] packed) {
        truths[row] = new int[(int) trueNames];
        Arrays.setAll(truths[row], i -> (int) packed[i]);
        probabilities[row] = new float[packed.length - truths[row].length];
        for (int i = 0; i < probabilities[row].length; i++) {
          probabilities[row][i] = (float) packed[truths[row].length + i];
        }
      }

      @Override
      public SetPredictions build(long[] keyHashes, List<SliceColumn> slices) {
        return of(names, keyHashes, truths, probabilities, slices);
      }
    };
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
    return truths[row];
  }

  /** The indices of the predicted names of a row, ascending. */
  int[] guesses(int row) {
    return predicted(probabilities[row]);
  }

  float probability(int row, int name) {
    return probabilities[row][name];
  }

  @Override
  public int rows() {
    return truths.length;
  }

  @Override
  public long keyHash(int row) {
    return identity.keyHash(row);
  }

  @Override
  public List<SliceColumn> slices() {
    return identity.slices();
  }

  @Override
  public SetPredictions select(int[] rows) {
    int[][] ownTruths = new int[rows.length][];
    float[][] own = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      ownTruths[i] = truths[rows[i]];
      own[i] = probabilities[rows[i]];
    }
    return new SetPredictions(names, identity.select(rows), ownTruths, own);
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof SetPredictions that
        && names == that.names
        && identity.sameKeys(that.identity)
        && Arrays.deepEquals(truths, that.truths);
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
    int[] wrong = IntStream.range(0, rows()).map(this::wrongNames).toArray();
    List<RowError> worst = new ArrayList<>();
    for (int row : Worst.rows(rows(), most, row -> wrong[row])) {
      if (wrong[row] > 0) {
        worst.add(
            new RowError.OfSets(
                keyHash(row), named(label, truths[row]), named(label, guesses(row)), wrong[row]));
      }
    }
    return worst;
  }

  private int wrongNames(int row) {
    int[] guesses = guesses(row);
    int right =
        (int)
            Arrays.stream(guesses)
                .filter(name -> Arrays.binarySearch(truths[row], name) >= 0)
                .count();
    return truths[row].length + guesses.length - 2 * right;
  }

  private static List<String> named(Label label, int[] indices) {
    return Arrays.stream(indices).mapToObj(label.classes()::get).toList();
  }
}
