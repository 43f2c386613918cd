package sluice.normalise;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.text.NGrams;

/**
 * What {@link TfIdf} learned: a text as the sparse vector of its n-grams.
 *
 * @param tokeniser what finds the n-grams of a text
 * @param sublinear whether the logarithm of a count stands for it
 * @param frequencies the n-grams that have an index
 */
record TfIdfVector(NGrams tokeniser, boolean sublinear, NGramFrequencies frequencies)
    implements WeightedStep {
  private static final long serialVersionUID = 1L;

  @Override
  public int cardinality() {
    return frequencies.nGrams().size();
  }

  @Override
  public List<String> categories() {
    return frequencies.nGrams();
  }

  @Override
  public @Nullable WeightedIndices value(@Nullable Object input) {
    if (!(input instanceof String text)) {
      return null;
    }
    IndexCounts counts = new IndexCounts();
    tokeniser.tokenise(
        text,
        nGram -> {
          int index = frequencies.index(nGram);
          if (index >= 0) {
            counts.add(index);
          }
        });
    return counts.ofLengthOne(
        (index, count) ->
            (sublinear ? 1 + StrictMath.log(count) : count) * frequencies.inverse(index));
  }
}
