package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.data.InvalidInput;

/**
 * The tokens that have an index of their own: 0 is always kept for every other token, and the known
 * ones follow from 1 on. Immutable; saved as the list of the tokens.
 */
final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> tokens;
  private final transient Map<String, Integer> indices;

  /**
   * @param tokens in the order of their indices
   * @throws InvalidInput (data) if one is there twice
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  Vocabulary(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
    indices = new HashMap<>(2 * tokens.size());
    for (String token : this.tokens) {
      if (indices.put(token, indices.size() + 1) != null) {
        throw InvalidInput.data(
            "vocabulary: tokens must be distinct, got %s twice".formatted(token));
      }
    }
  }

  /**
   * The most frequent tokens, see {@link MostFrequent}.
   *
   * @param counts how often each token occurs
   * @param minCount a token that occurs less often is none of them
   * @param most how many there are at most
   */
  static Vocabulary of(Map<String, Long> counts, long minCount, int most) {
    return new Vocabulary(
        MostFrequent.of(counts, minCount, most).stream().map(Map.Entry::getKey).toList());
  }

  /** The tokens from index 1 on. */
  @JsonValue
  List<String> tokens() {
    return tokens;
  }

  /** How many indices there are: they run from 0 to one less. */
  int cardinality() {
    return tokens.size() + 1;
  }

  /** The index of a token; 0 of one that is not known. */
  int index(String token) {
    return indices.getOrDefault(token, 0);
  }

  /** What each index stands for. */
  List<String> categories() {
    List<String> categories = new ArrayList<>(cardinality());
    categories.add(Categories.OTHER);
    categories.addAll(tokens);
    return categories;
  }

  private Object readResolve() {
    return new Vocabulary(tokens);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary vocabulary && vocabulary.tokens.equals(tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return "%s tokens".formatted(tokens.size());
  }
}
