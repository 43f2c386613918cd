package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.data.InvalidInput;
import sluice.text.TokenIndices;

/**
 * The tokens that have an index of their own: 0 is always kept for every other token, and the known
 * ones follow from 1 on. Immutable; saved as the list of the tokens.
 */
final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TokenIndices known;

  /**
   * @param tokens in the order of their indices
   * @throws InvalidInput (data) if one is there twice
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  Vocabulary(List<String> tokens) {
    known = new TokenIndices(tokens);
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
    return known.tokens();
  }

  /** How many indices there are: they run from 0 to one less. */
  int cardinality() {
    return known.size() + 1;
  }

  /** The index of a token; 0 of one that is not known. */
  int index(String token) {
    int index = known.index(token);
    return index == TokenIndices.NONE ? 0 : index + 1;
  }

  /** What each index stands for. */
  List<String> categories() {
    List<String> categories = new ArrayList<>(cardinality());
    categories.add(Categories.OTHER);
    categories.addAll(known.tokens());
    return categories;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary vocabulary && vocabulary.known.equals(known);
  }

  @Override
  public int hashCode() {
    return known.hashCode();
  }

  @Override
  public String toString() {
    return known.toString();
  }
}
