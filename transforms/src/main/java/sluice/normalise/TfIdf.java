package sluice.normalise;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Auto;
import sluice.data.Require;
import sluice.features.Element;
import sluice.text.Chinese;
import sluice.text.NGrams;
import sluice.text.Punctuation;
import sluice.text.Terms;

/**
 * A text as a sparse vector: of each n-gram that it has, how often it has it (term frequency) times
 * how rare the n-gram is in the train rows (inverse document frequency, K. Spärck Jones, 1972, as
 * {@link NGramFrequencies} has it), and the vector divided by its Euclidean length. The numbers are
 * those of scikit-learn's {@code TfidfVectorizer(smooth_idf=True, norm="l2")}. N-grams that are not
 * known count for nothing; a text that has no other is a vector of zeros.
 *
 * @param of what the n-grams are made of, words by default; null for what suits the scripts of the
 *     train rows, see {@link sluice.text.LetterCounts#terms}, which takes one more scan
 * @param lowerCase whether the text is taken in lower case; true by default
 * @param punctuation what becomes of what belongs to no word; kept by default
 * @param chinese where Chinese words end; by a dictionary by default
 * @param nGrams the least length of an n-gram and the greatest; 1 and 2 by default
 * @param minCount an n-gram that fewer train rows have is not known; 2 by default
 * @param maxFeatures how many n-grams are known, those that most train rows have, at a tie the
 *     first by code point; 50,000 by default
 * @param sublinear whether 1 + ln(count) stands for a count; false by default
 */
public record TfIdf(
    @Auto @Nullable Terms of,
    boolean lowerCase,
    Punctuation punctuation,
    Chinese chinese,
    List<Integer> nGrams,
    long minCount,
    int maxFeatures,
    boolean sublinear)
    implements TextStep {
  private static final long serialVersionUID = 1L;

  public TfIdf {
    nGrams = List.copyOf(nGrams);
    NGrams.require(new Require(), nGrams)
        .atLeast("min-count", minCount, 1)
        .atLeast("max-features", maxFeatures, 1)
        .hold();
  }

  @Override
  public Kind gives(Kind input) {
    return Kind.WEIGHTED_SERIES;
  }

  @Override
  public Element encoding() {
    return Element.WEIGHTED_INDEX;
  }

  @Override
  public Fit fit(Kind input) {
    return new NGramFit(this);
  }

  /** What finds the n-grams of these terms. */
  NGrams tokeniser(Terms terms) {
    return new NGrams(terms, lowerCase, punctuation, chinese, nGrams);
  }
}
