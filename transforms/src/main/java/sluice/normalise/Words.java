package sluice.normalise;

import sluice.text.Chinese;
import sluice.text.Punctuation;
import sluice.text.WordTokeniser;

/**
 * A text as the series of the indices of its words, see {@link WordTokeniser}: 0 for a word that is
 * not known, then the words of the train rows from the most frequent on. Punctuation marks are
 * tokens by default, as in the text classifiers of Kim (2014) and Devlin et al. (2019).
 *
 * @param lowerCase whether words are taken in lower case; true by default
 * @param punctuation what becomes of what belongs to no word; kept by default
 * @param chinese where Chinese words end; by a dictionary by default
 * @param minCount a word that occurs less often in the train rows is not known; 2 by default, so
 *     that a network learns what an unknown word is like
 * @param maxWords how many words are known, the most frequent; 50,000 by default
 */
public record Words(
    boolean lowerCase, Punctuation punctuation, Chinese chinese, long minCount, int maxWords)
    implements SeriesStep {
  private static final long serialVersionUID = 1L;

  public Words {
    TokenFit.check(minCount, "max-words", maxWords);
  }

  @Override
  public Fit fit(Kind input) {
    WordTokeniser tokeniser = new WordTokeniser(lowerCase, punctuation, chinese);
    return new TokenFit(
        tokeniser,
        minCount,
        counts -> new WordSeries(tokeniser, Vocabulary.of(counts, minCount, maxWords)));
  }
}
