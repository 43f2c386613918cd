package sluice.evaluation.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import sluice.decision.Decision;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.RowIdentity;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.metric.Worst;

/**
 * The probabilities of the tags of each token beside the true tags. A row is a text, which is drawn
 * with all of its tokens. Tokens that were not read have no probabilities, and count as wrong.
 * Memory: 4 + 4 x tags bytes a token.
 */
public final class TagPredictions implements Predictions {
  private final int tags;
  private final RowIdentity identity;

  /** By row, then token. */
  private final int[][] truths;

  /** By row, then token that was read, then tag. */
  private final float[][] probabilities;

  private TagPredictions(int tags, RowIdentity identity, int[][] truths, float[][] probabilities) {
    this.tags = tags;
    this.identity = identity;
    this.truths = truths;
    this.probabilities = probabilities;
  }

  /**
   * Predictions of these rows.
   *
   * @param keyHashes {@link Predictions#keyHash} a row
   * @param truths of each row the index of the tag of each token
   * @param probabilities of each row one a tag, of the first token, then of the next, as many as
   *     were read
   * @throws IllegalArgumentException if lengths differ
   */
  public static TagPredictions of(
      int tags,
      long[] keyHashes,
      int[][] truths,
      float[][] probabilities,
      List<SliceColumn> slices) {
    RowIdentity identity = RowIdentity.of(keyHashes, truths.length, slices);
    for (int row = 0; row < truths.length; row++) {
      if (probabilities[row].length % tags != 0
          || probabilities[row].length / tags > truths[row].length) {
        throw new IllegalArgumentException(
            "row %d: %d probabilities of %d tags for %d tokens"
                .formatted(row, probabilities[row].length, tags, truths[row].length));
      }
    }
    Comparator<Integer> byTruth = (a, b) -> Arrays.compare(truths[a], truths[b]);
    Comparator<Integer> byContent =
        byTruth.thenComparing((a, b) -> Arrays.compare(probabilities[a], probabilities[b]));
    return new TagPredictions(tags, identity, truths, probabilities)
        .select(identity.order(byContent));
  }

  /** Takes predictions row by row. */
  public static Predictions.Builder builder(int tags, int rows) {
    int[][] truths = new int[rows][];
    float[][] probabilities = new float[rows][];
    return new Predictions.Builder() {
      @Override
      public void put(int row, double tokens, double[] packed) {
        truths[row] = new int[(int) tokens];
        Arrays.setAll(truths[row], i -> (int) packed[i]);
        probabilities[row] = new float[packed.length - truths[row].length];
        for (int i = 0; i < probabilities[row].length; i++) {
          probabilities[row][i] = (float) packed[truths[row].length + i];
        }
      }

      @Override
      public TagPredictions build(long[] keyHashes, List<SliceColumn> slices) {
        return of(tags, keyHashes, truths, probabilities, slices);
      }
    };
  }

  /** A tag that is not this one. */
  static int wrong(int truth) {
    return truth == 0 ? 1 : 0;
  }

  /** The index of the tag of each token of a row. */
  int[] truth(int row) {
    return truths[row];
  }

  /** The most probable tag of each token of a row that was read, the first of equals. */
  int[] guesses(int row) {
    return IntStream.range(0, probabilities[row].length / tags)
        .map(token -> Decision.mostProbable(probabilities[row], token * tags, tags))
        .toArray();
  }

  /**
   * The tokens as rows of their own, those of one row beside each other in the order of the rows. A
   * token that was not read is sure to have another tag than it has.
   */
  ClassPredictions tokens() {
    int count = Arrays.stream(truths).mapToInt(truth -> truth.length).sum();
    long[] keys = new long[count];
    int[] truth = new int[count];
    float[] flat = new float[Math.multiplyExact(count, tags)];
    int at = 0;
    for (int row = 0; row < truths.length; row++) {
      System.arraycopy(probabilities[row], 0, flat, at * tags, probabilities[row].length);
      for (int token = 0; token < truths[row].length; token++) {
        keys[at] = keyHash(row);
        truth[at] = truths[row][token];
        if (token >= probabilities[row].length / tags) {
          flat[at * tags + wrong(truth[at])] = 1;
        }
        at++;
      }
    }
    return ClassPredictions.of(tags, keys, truth, flat, List.of());
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
  public TagPredictions select(int[] rows) {
    int[][] ownTruths = new int[rows.length][];
    float[][] own = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      ownTruths[i] = truths[rows[i]];
      own[i] = probabilities[rows[i]];
    }
    return new TagPredictions(tags, identity.select(rows), ownTruths, own);
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof TagPredictions that
        && tags == that.tags
        && identity.sameKeys(that.identity)
        && Arrays.deepEquals(truths, that.truths);
  }

  @Override
  public Measures<?> measures(Label label) {
    return new TagMeasures(this, label);
  }

  @Override
  public Details details(Label label) {
    return ClassDetails.of(tokens(), label, ClassMeasures.Ranking.NONE);
  }

  @Override
  public List<RowError> worst(Label label, int most) {
    int[] wrong = IntStream.range(0, rows()).map(this::wrongTags).toArray();
    List<RowError> worst = new ArrayList<>();
    for (int row : Worst.rows(rows(), most, row -> wrong[row])) {
      if (wrong[row] > 0) {
        worst.add(
            new RowError.OfTags(
                keyHash(row), named(label, truths[row]), named(label, guesses(row)), wrong[row]));
      }
    }
    return worst;
  }

  private int wrongTags(int row) {
    int[] guesses = guesses(row);
    int wrong = truths[row].length - guesses.length;
    for (int token = 0; token < guesses.length; token++) {
      wrong += guesses[token] == truths[row][token] ? 0 : 1;
    }
    return wrong;
  }

  private static List<String> named(Label label, int[] indices) {
    return Arrays.stream(indices).mapToObj(label.classes()::get).toList();
  }
}
