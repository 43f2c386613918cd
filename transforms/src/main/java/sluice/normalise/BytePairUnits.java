package sluice.normalise;

import sluice.data.Require;
import sluice.text.BytePairLearning;
import sluice.text.PieceTokeniser;

/**
 * A text as the series of the units of a byte-pair encoding that is learned from the train rows,
 * see {@link sluice.text.BytePairs}: frequent words are one unit, rare ones several, and nothing is
 * unknown, as the units begin with the 256 bytes.
 *
 * @param lowerCase whether the text is taken in lower case; false by default
 * @param merges how many units there are at most beside the bytes; 8,000 by default
 * @param minCount a pair of units that occurs less often in the train rows is not merged; 2 by
 *     default
 */
public record BytePairUnits(boolean lowerCase, int merges, long minCount) implements SeriesStep {
  private static final long serialVersionUID = 1L;

  private static final int MOST_MERGES = 1_000_000;

  public BytePairUnits {
    new Require().within("merges", merges, 0, MOST_MERGES).atLeast("min-count", minCount, 1).hold();
  }

  @Override
  public Fit fit(Kind input) {
    PieceTokeniser tokeniser = new PieceTokeniser(lowerCase);
    return new TokenFit(
        tokeniser,
        minCount,
        counts -> new BytePairSeries(tokeniser, BytePairLearning.of(counts, merges, minCount)));
  }
}
