package sluice.normalise;

import java.util.HashSet;
import java.util.Set;
import sluice.data.InvalidInput;
import sluice.text.NGrams;

/** How many of the train rows have each n-gram; at most {@value DistinctCounts#MAX_DISTINCT}. */
final class NGramFit implements Fit {
  private static final long serialVersionUID = 1L;

  private final NGrams tokeniser;
  private final long minCount;
  private final int maxFeatures;
  private final boolean sublinear;
  private final DistinctCounts<String> counts =
      new DistinctCounts<>(String.class, "hashed-n-grams takes any number");
  private long rows;

  /**
   * @param minCount n-grams that fewer rows have get no index
   * @param maxFeatures n-grams that get an index at most
   * @param sublinear handed on
   */
  NGramFit(NGrams tokeniser, long minCount, int maxFeatures, boolean sublinear) {
    this.tokeniser = tokeniser;
    this.minCount = minCount;
    this.maxFeatures = maxFeatures;
    this.sublinear = sublinear;
  }

  @Override
  public void add(Object value) {
    rows++;
    Set<String> nGrams = new HashSet<>();
    tokeniser.tokenise((String) value, nGrams::add);
    nGrams.forEach(counts::add);
  }

  @Override
  public void merge(Fit other) {
    NGramFit that = (NGramFit) other;
    rows += that.rows;
    counts.merge(that.counts);
  }

  @Override
  public boolean endScan() {
    return false;
  }

  @Override
  public FittedStep finish(String where) {
    NGramFrequencies frequencies =
        NGramFrequencies.of(rows, counts.all(where), minCount, maxFeatures);
    if (frequencies.nGrams().isEmpty()) {
      throw InvalidInput.data(
          "%s: at least one n-gram must occur in %s train rows or more (min-count), and none does"
              .formatted(where, minCount));
    }
    return new TfIdfVector(tokeniser, sublinear, frequencies);
  }
}
