package sluice.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Class probabilities beside the true class. The predicted class is the most probable one, the
 * first of equals. Memory: 12 + 4 x classes + 4 x slice columns bytes a row.
 */
public final class ClassPredictions implements Predictions {
  private final int classes;
  private final RowIdentity identity;
  private final int[] truth;
  private final float[] probabilities;

  private ClassPredictions(int classes, RowIdentity identity, int[] truth, float[] probabilities) {
    this.classes = classes;
    this.identity = identity;
    this.truth = truth;
    this.probabilities = probabilities;
  }

  /**
   * Predictions of these rows; the arrays are copied.
   *
   * @param classes the number of classes, at least 2
   * @param keyHashes {@link Predictions#keyHash(String)} a row
   * @param truth the index of the true class a row
   * @param probabilities row after row, one probability a class
   * @throws IllegalArgumentException if lengths differ, a class does not exist or a probability
   *     lies outside 0..1
   */
  public static ClassPredictions of(
      int classes, long[] keyHashes, int[] truth, float[] probabilities, List<SliceColumn> slices) {
    if (classes < 2) {
      throw new IllegalArgumentException("at least 2 classes, got " + classes);
    }
    RowIdentity identity = RowIdentity.of(keyHashes, truth.length, slices);
    if (probabilities.length != (long) classes * truth.length) {
      throw new IllegalArgumentException(
          "%d rows of %d classes but %d probabilities"
              .formatted(truth.length, classes, probabilities.length));
    }
    for (int row = 0; row < truth.length; row++) {
      if (truth[row] < 0 || truth[row] >= classes) {
        throw new IllegalArgumentException(
            "class %d of %d in row %d".formatted(truth[row], classes, row));
      }
    }
    for (int i = 0; i < probabilities.length; i++) {
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
        throw new IllegalArgumentException(
            "a probability must lie in 0..1, got %s for class %d in row %d"
                .formatted(probabilities[i], i % classes, i / classes));
      }
    }
    Comparator<Integer> byTruth = Comparator.comparingInt(row -> truth[row]);
    Comparator<Integer> byContent =
        byTruth.thenComparing(
            (a, b) ->
                Arrays.compare(
                    probabilities,
                    a * classes,
                    (a + 1) * classes,
                    probabilities,
                    b * classes,
                    (b + 1) * classes));
    return new ClassPredictions(classes, identity, truth, probabilities)
        .select(identity.order(byContent));
  }

  public int classes() {
    return classes;
  }

  @Override
  public int rows() {
    return truth.length;
  }

  @Override
  public long keyHash(int row) {
    return identity.keyHash(row);
  }

  /** The index of the true class. */
  public int truth(int row) {
    return truth[row];
  }

  public float probability(int row, int ofClass) {
    return probabilities[row * classes + ofClass];
  }

  /** The index of the most probable class, the first of equals. */
  public int predicted(int row) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (probability(row, c) > probability(row, best)) {
        best = c;
      }
    }
    return best;
  }

  @Override
  public List<SliceColumn> slices() {
    return identity.slices();
  }

  @Override
  public ClassPredictions select(int[] rows) {
    int[] truths = new int[rows.length];
    float[] selected = new float[rows.length * classes];
    for (int i = 0; i < rows.length; i++) {
      truths[i] = truth[rows[i]];
      System.arraycopy(probabilities, rows[i] * classes, selected, i * classes, classes);
    }
    return new ClassPredictions(classes, identity.select(rows), truths, selected);
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof ClassPredictions that
        && classes == that.classes
        && identity.sameKeys(that.identity)
        && Arrays.equals(truth, that.truth);
  }
}
