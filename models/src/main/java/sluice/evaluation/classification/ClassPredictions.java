package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import sluice.decision.Decision;
import sluice.decision.LabelledRows;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.RowIdentity;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.metric.Worst;

/**
 * Class probabilities beside the true class. A row is decided to be of the most probable class, the
 * first of equals, unless there is a threshold. Memory: 12 + 4 x classes + 4 x slice columns bytes
 * a row.
 */
public final class ClassPredictions implements Predictions, LabelledRows {
  private final int classes;
  private final RowIdentity identity;
  private final int[] truth;
  private final float[] probabilities;
  private final Threshold threshold;

  /** Of two classes, from which probability of one of them on it is decided on. */
  private record Threshold(int ofClass, double value) {
    static final Threshold NONE = new Threshold(-1, Decision.NONE.threshold());
  }

  private ClassPredictions(
      int classes, RowIdentity identity, int[] truth, float[] probabilities, Threshold threshold) {
    this.classes = classes;
    this.identity = identity;
    this.truth = truth;
    this.probabilities = probabilities;
    this.threshold = threshold;
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
    return new ClassPredictions(classes, identity, truth, probabilities, Threshold.NONE)
        .select(identity.order(byContent));
  }

  /**
   * The same rows with calibrated probabilities and a threshold.
   *
   * @param positive the index of the class that the decision is about, or -1
   */
  @Override
  public ClassPredictions decided(Decision decision, int positive) {
    float[] calibrated = new float[probabilities.length];
    for (int row = 0; row < truth.length; row++) {
      float[] outputs = Arrays.copyOfRange(probabilities, row * classes, (row + 1) * classes);
      System.arraycopy(
          decision.calibrated(outputs, positive), 0, calibrated, row * classes, classes);
    }
    return new ClassPredictions(
        classes, identity, truth, calibrated, new Threshold(positive, decision.threshold()));
  }

  /**
   * Takes predictions row by row.
   *
   * @param classes the number of classes, at least 2
   */
  public static Predictions.Builder builder(int classes, int rows) {
    int[] truths = new int[rows];
    float[] flat = new float[Math.multiplyExact(rows, classes)];
    return new Predictions.Builder() {
      @Override
      public void put(int row, double truth, double[] outputs) {
        truths[row] = (int) truth;
        for (int c = 0; c < classes; c++) {
          flat[row * classes + c] = (float) outputs[c];
        }
      }

      @Override
      public ClassPredictions build(long[] keyHashes, List<SliceColumn> slices) {
        return of(classes, keyHashes, truths, flat, slices);
      }
    };
  }

  @Override
  public Measures<?> measures(Label label) {
    return new ClassMeasures(this, label.positiveIndex());
  }

  @Override
  public Details details(Label label) {
    return ClassDetails.of(this, label, ClassMeasures.Ranking.ASKED);
  }

  @Override
  public List<RowError> worst(Label label, int most) {
    List<RowError> worst = new ArrayList<>();
    for (int row : Worst.rows(rows(), most, row -> -probability(row, truth[row]))) {
      worst.add(
          new RowError.OfClasses(
              keyHash(row),
              label.classes().get(truth[row]),
              label.classes().get(decided(row)),
              probability(row, truth[row])));
    }
    return worst;
  }

  @Override
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
  @Override
  public int truth(int row) {
    return truth[row];
  }

  @Override
  public float probability(int row, int ofClass) {
    return probabilities[row * classes + ofClass];
  }

  /** The index of the most probable class, the first of equals. */
  public int predicted(int row) {
    return Decision.mostProbable(probabilities, row * classes, classes);
  }

  /** The index of the class that is decided on. */
  public int decided(int row) {
    return Decision.decide(
        probabilities, row * classes, classes, threshold.ofClass(), threshold.value());
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
    return new ClassPredictions(classes, identity.select(rows), truths, selected, threshold);
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof ClassPredictions that
        && classes == that.classes
        && identity.sameKeys(that.identity)
        && Arrays.equals(truth, that.truth);
  }
}
