package sluice.evaluation.classification;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sluice.decision.Decision;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.SliceColumn;

/**
 * The probabilities of the tags of each token beside the true tags. A row is a text, which is drawn
 * with all of its tokens. Tokens that were not read have no probabilities, and count as wrong.
 * Memory: 4 + 4 x tags bytes a token.
 */
public final class TagPredictions implements Predictions {
  private final int tags;

  /** By row the tag of each token, and of each token that was read a probability of each tag. */
  private final IndexedRows rows;

  private TagPredictions(int tags, IndexedRows rows) {
    this.tags = tags;
    this.rows = rows;
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
    for (int row = 0; row < truths.length; row++) {
      if (probabilities[row].length % tags != 0
          || probabilities[row].length / tags > truths[row].length) {
        throw new IllegalArgumentException(
            "row %d: %d probabilities of %d tags for %d tokens"
                .formatted(row, probabilities[row].length, tags, truths[row].length));
      }
    }
    return new TagPredictions(tags, IndexedRows.of(keyHashes, truths, probabilities, slices));
  }

  /** Takes predictions row by row. */
  public static Predictions.Builder builder(int tags, int rows) {
    return IndexedRows.builder(
        rows,
        (keyHashes, truths, probabilities, slices) ->
            of(tags, keyHashes, truths, probabilities, slices));
  }

  /** A tag that is not this one. */
  static int wrong(int truth) {
    return truth == 0 ? 1 : 0;
  }

  /** The index of the tag of each token of a row. */
  int[] truth(int row) {
    return rows.truths()[row];
  }

  /** The most probable tag of each token of a row that was read, the first of equals. */
  int[] guesses(int row) {
    return IntStream.range(0, rows.probabilities()[row].length / tags)
        .map(token -> Decision.mostProbable(rows.probabilities()[row], token * tags, tags))
        .toArray();
  }

  /**
   * The tokens as rows of their own, those of one row beside each other in the order of the rows. A
   * token that was not read is sure to have another tag than it has.
   */
  ClassPredictions tokens() {
    int count = Arrays.stream(rows.truths()).mapToInt(truth -> truth.length).sum();
    long[] keys = new long[count];
    int[] truth = new int[count];
    float[] flat = new float[Math.multiplyExact(count, tags)];
    int at = 0;
    for (int row = 0; row < rows.count(); row++) {
      System.arraycopy(
          rows.probabilities()[row], 0, flat, at * tags, rows.probabilities()[row].length);
      for (int token = 0; token < rows.truths()[row].length; token++) {
        keys[at] = keyHash(row);
        truth[at] = rows.truths()[row][token];
        if (token >= rows.probabilities()[row].length / tags) {
          flat[at * tags + wrong(truth[at])] = 1;
        }
        at++;
      }
    }
    return ClassPredictions.of(tags, keys, truth, flat, List.of());
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
  public TagPredictions select(int[] some) {
    return new TagPredictions(tags, rows.select(some));
  }

  @Override
  public boolean sameRows(Predictions other) {
    return other instanceof TagPredictions that && tags == that.tags && rows.sameTruths(that.rows);
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
    return rows.worst(label, most, this::guesses, this::wrongTags, RowError.OfTags::new);
  }

  private int wrongTags(int row) {
    int[] guesses = guesses(row);
    int wrong = rows.truths()[row].length - guesses.length;
    for (int token = 0; token < guesses.length; token++) {
      wrong += guesses[token] == rows.truths()[row][token] ? 0 : 1;
    }
    return wrong;
  }
}
