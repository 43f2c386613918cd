package sluice.normalise;

import sluice.data.InvalidInput;
import sluice.data.Require;
import sluice.text.Tokeniser;

/**
 * How often each token occurs in the train rows, all occurrences in a row counted; at most {@value
 * DistinctCounts#MAX_DISTINCT} distinct tokens.
 */
final class TokenFit implements Fit {
  private static final long serialVersionUID = 1L;

  private final Tokeniser tokeniser;
  private final long minCount;
  private final CountFit<String> counts;

  /**
   * @param minCount tokens that occur less often have no index of their own
   * @param finish the {@link Categorical} that the counts amount to
   */
  TokenFit(Tokeniser tokeniser, long minCount, CountFit.Finish<String> finish) {
    this.tokeniser = tokeniser;
    this.minCount = minCount;
    counts = new CountFit<>(String.class, "the step characters takes any text", finish);
  }

  /** What the settings of all steps that learn from tokens must be. */
  static void check(long minCount, String most, int value) {
    new Require().atLeast("min-count", minCount, 1).atLeast(most, value, 1).hold();
  }

  @Override
  public void add(Object value) {
    tokeniser.tokenise((String) value, counts::add);
  }

  @Override
  public void merge(Fit other) {
    counts.merge(((TokenFit) other).counts);
  }

  @Override
  public boolean endScan() {
    return counts.endScan();
  }

  @Override
  public FittedStep finish(String where) {
    Categorical series = (Categorical) counts.finish(where);
    if (series.cardinality() == 1) {
      throw InvalidInput.data(
          "%s: at least one token must occur %s times or more in the train rows (min-count of its step), and none does"
              .formatted(where, minCount));
    }
    return series;
  }
}
