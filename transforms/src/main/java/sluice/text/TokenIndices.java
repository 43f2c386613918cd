package sluice.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.data.InvalidInput;

/** Tokens and their indices, from 0 on. Immutable; saved as the list of the tokens. */
public final class TokenIndices implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The index of what is no token. */
  public static final int NONE = -1;

  private final List<String> tokens;
  private final transient Map<String, Integer> indices;
  private final transient int longest;

  /**
   * @param tokens in the order of their indices
   * @throws InvalidInput (data) if one is there twice
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TokenIndices(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
    indices = new HashMap<>(2 * tokens.size());
    int most = 0;
    for (String token : this.tokens) {
      if (indices.put(token, indices.size()) != null) {
        throw InvalidInput.data(
            "vocabulary: tokens must be distinct, got %s twice".formatted(token));
      }
      most = Math.max(most, token.length());
    }
    longest = most;
  }

  /** The tokens from index 0 on. */
  @JsonValue
  public List<String> tokens() {
    return tokens;
  }

  /** How many there are. */
  public int size() {
    return tokens.size();
  }

  /** The index of a token; {@value #NONE} if it is none. */
  public int index(String token) {
    return indices.getOrDefault(token, NONE);
  }

  /** The most chars of a token. */
  int longest() {
    return longest;
  }

  private Object readResolve() {
    return new TokenIndices(tokens);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenIndices others && others.tokens.equals(tokens);
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
