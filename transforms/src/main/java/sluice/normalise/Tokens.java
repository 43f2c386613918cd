package sluice.normalise;

import sluice.text.WhiteSpaceTokeniser;

/**
 * A text of tokens that white space parts as the series of their indices, see {@link
 * WhiteSpaceTokeniser}: 0 for a token that is not known, then those of the train rows from the most
 * frequent on.
 *
 * @param lowerCase whether tokens are taken in lower case; false by default
 * @param minCount a token that occurs less often in the train rows is not known; 2 by default, so
 *     that a network learns what an unknown token is like
 * @param maxTokens how many tokens are known, the most frequent; 50,000 by default
 */
public record Tokens(boolean lowerCase, long minCount, int maxTokens)
    implements SeriesStep, TokenStep {
  private static final long serialVersionUID = 1L;

  public Tokens {
    TokenFit.check(minCount, "max-tokens", maxTokens);
  }

  @Override
  public WhiteSpaceTokeniser tokeniser() {
    return new WhiteSpaceTokeniser(lowerCase);
  }

  @Override
  public Fit fit(Kind input) {
    WhiteSpaceTokeniser tokeniser = tokeniser();
    return new TokenFit(
        tokeniser,
        minCount,
        counts -> new PartedSeries(tokeniser, Vocabulary.of(counts, minCount, maxTokens)));
  }
}
