package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.data.InvalidInput;

/**
 * The n-grams that have an index, from 0 on, and how many of the train rows have each. The inverse
 * document frequency of an n-gram is ln((1 + rows) / (1 + rows that have it)) + 1, as if one more
 * row had every n-gram: that of scikit-learn's {@code TfidfTransformer(smooth_idf=True)}.
 *
 * <p>Immutable; saved as the counts, which are exact.
 */
final class NGramFrequencies implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long rows;
  private final List<String> nGrams;
  private final List<Long> counts;
  private final transient Map<String, Integer> indices;
  private final transient double[] inverse;

  /**
   * @param rows the train rows
   * @param nGrams in the order of their indices
   * @param counts how many of the rows have each
   * @throws InvalidInput (data) if an n-gram is there twice, or a count is not of the rows
   */
  @JsonCreator
  NGramFrequencies(
      @JsonProperty("rows") long rows,
      @JsonProperty("nGrams") List<String> nGrams,
      @JsonProperty("counts") List<Long> counts) {
    this.rows = rows;
    this.nGrams = List.copyOf(nGrams);
    this.counts = List.copyOf(counts);
    if (nGrams.size() != counts.size()) {
      throw InvalidInput.data(
          "n-grams: each must have a count, got %s n-grams and %s counts"
              .formatted(nGrams.size(), counts.size()));
    }
    indices = new HashMap<>(2 * nGrams.size());
    inverse = new double[nGrams.size()];
    for (int i = 0; i < inverse.length; i++) {
      long count = counts.get(i);
      if (count < 1 || count > rows) {
        throw InvalidInput.data(
            "n-grams: %s must occur in 1 to %s rows, got %s".formatted(nGrams.get(i), rows, count));
      }
      if (indices.put(nGrams.get(i), i) != null) {
        throw InvalidInput.data("n-grams: must be distinct, got %s twice".formatted(nGrams.get(i)));
      }
      // The same on every machine, which Math.log is not bound to be.
      inverse[i] = StrictMath.log((1.0 + rows) / (1.0 + count)) + 1;
    }
  }

  /**
   * The n-grams that most rows have, the most frequent first, at a tie the first by code point.
   *
   * @param counts how many rows have each n-gram
   * @param minCount one that fewer rows have is none of them
   * @param most how many there are at most
   */
  static NGramFrequencies of(long rows, Map<String, Long> counts, long minCount, int most) {
    List<Map.Entry<String, Long>> chosen = MostFrequent.of(counts, minCount, most);
    return new NGramFrequencies(
        rows,
        chosen.stream().map(Map.Entry::getKey).toList(),
        chosen.stream().map(Map.Entry::getValue).toList());
  }

  /** The train rows. */
  @JsonProperty("rows")
  long rows() {
    return rows;
  }

  /** The n-grams by index. */
  @JsonProperty("nGrams")
  List<String> nGrams() {
    return nGrams;
  }

  /** How many of the rows have each. */
  @JsonProperty("counts")
  List<Long> counts() {
    return counts;
  }

  /** The index of an n-gram; -1 of one that has none. */
  int index(String nGram) {
    return indices.getOrDefault(nGram, -1);
  }

  /** The inverse document frequency of the n-gram that has an index. */
  double inverse(int index) {
    return inverse[index];
  }

  private Object readResolve() {
    return new NGramFrequencies(rows, nGrams, counts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NGramFrequencies that
        && that.rows == rows
        && that.nGrams.equals(nGrams)
        && that.counts.equals(counts);
  }

  @Override
  public int hashCode() {
    return 31 * nGrams.hashCode() + Long.hashCode(rows);
  }

  @Override
  public String toString() {
    return "%s n-grams of %s rows".formatted(nGrams.size(), rows);
  }
}
