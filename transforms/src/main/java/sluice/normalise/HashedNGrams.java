package sluice.normalise;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;
import sluice.features.Element;
import sluice.text.Chinese;
import sluice.text.NGrams;
import sluice.text.Punctuation;
import sluice.text.Terms;

/**
 * A text as a sparse vector over a fixed number of buckets: how many of its n-grams fall into each,
 * and the vector divided by its Euclidean length. The bucket of an n-gram is that of {@link
 * Hashing}: different ones may share it. It learns nothing, and knows n-grams that no train row
 * has.
 *
 * @param of what the n-grams are made of; words by default
 * @param lowerCase whether the text is taken in lower case; true by default
 * @param punctuation what becomes of what belongs to no word; kept by default
 * @param chinese where Chinese words end; by a dictionary by default
 * @param nGrams the least length of an n-gram and the greatest; 1 and 2 by default
 * @param buckets how many there are, from 2 to 2^24; 2^18 by default
 */
public record HashedNGrams(
    Terms of,
    boolean lowerCase,
    Punctuation punctuation,
    Chinese chinese,
    List<Integer> nGrams,
    int buckets)
    implements TextStep, WeightedStep {
  private static final long serialVersionUID = 1L;

  /** Up to it networks, which take an index as a float, tell one from the next. */
  private static final int MOST_BUCKETS = 1 << 24;

  public HashedNGrams {
    nGrams = List.copyOf(nGrams);
    NGrams.require(new Require(), nGrams).within("buckets", buckets, 2, MOST_BUCKETS).hold();
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
    return new NoFit(this);
  }

  @Override
  public int cardinality() {
    return buckets;
  }

  @Override
  public List<String> categories() {
    return List.of();
  }

  @Override
  public @Nullable WeightedIndices value(@Nullable Object input) {
    if (!(input instanceof String text)) {
      return null;
    }
    IndexCounts counts = new IndexCounts();
    new NGrams(of, lowerCase, punctuation, chinese, nGrams)
        .tokenise(text, nGram -> counts.add(Hashing.bucket(nGram, buckets)));
    return counts.ofLengthOne((bucket, count) -> count);
  }
}
