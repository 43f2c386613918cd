package sluice.normalise;

import sluice.text.CharacterTokeniser;

/**
 * A text as the series of the indices of its characters, see {@link CharacterTokeniser}: 0 for a
 * character that is not known, then those of the train rows from the most frequent on.
 *
 * @param lowerCase whether the text is taken in lower case; false by default
 * @param minCount a character that occurs less often in the train rows is not known; 2 by default
 * @param maxCharacters how many characters are known, the most frequent; 10,000 by default
 */
public record Characters(boolean lowerCase, long minCount, int maxCharacters)
    implements SeriesStep, TokenStep {
  private static final long serialVersionUID = 1L;

  public Characters {
    TokenFit.check(minCount, "max-characters", maxCharacters);
  }

  @Override
  public CharacterTokeniser tokeniser() {
    return new CharacterTokeniser(lowerCase);
  }

  @Override
  public Fit fit(Kind input) {
    CharacterTokeniser tokeniser = tokeniser();
    return new TokenFit(
        tokeniser,
        minCount,
        counts -> new CharacterSeries(tokeniser, Vocabulary.of(counts, minCount, maxCharacters)));
  }
}
