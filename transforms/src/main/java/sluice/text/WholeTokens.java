package sluice.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.data.InvalidInput;

/**
 * Texts that are one token wherever they stand, as {@code [SEP]}, by their indices. Immutable;
 * saved as the map.
 */
public final class WholeTokens implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<String, Integer> indices;

  /** Those that begin with a char, the longest first. */
  private final transient Map<Character, List<Map.Entry<String, Integer>>> byFirst;

  /**
   * @param indices by text
   * @throws InvalidInput (data) if a text is empty
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WholeTokens(Map<String, Integer> indices) {
    this.indices = new TreeMap<>(indices);
    byFirst = new HashMap<>();
    for (Map.Entry<String, Integer> token : this.indices.entrySet()) {
      if (token.getKey().isEmpty()) {
        throw InvalidInput.data("an added token must not be empty");
      }
      byFirst.computeIfAbsent(token.getKey().charAt(0), first -> new ArrayList<>()).add(token);
    }
    for (List<Map.Entry<String, Integer>> tokens : byFirst.values()) {
      tokens.sort(Comparator.comparingInt(token -> -token.getKey().length()));
    }
  }

  /** The indices by text. */
  @JsonValue
  public Map<String, Integer> indices() {
    return Collections.unmodifiableMap(indices);
  }

  /** A token in a text: where it begins and ends, and its index. */
  record Found(int start, int end, int index) {}

  /** The first token at or behind a place, of several the longest; behind the text if none is. */
  Found next(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      for (Map.Entry<String, Integer> token : byFirst.getOrDefault(text.charAt(i), List.of())) {
        if (text.startsWith(token.getKey(), i)) {
          return new Found(i, i + token.getKey().length(), token.getValue());
        }
      }
    }
    return new Found(text.length(), text.length(), TokenIndices.NONE);
  }

  private Object readResolve() {
    return new WholeTokens(indices);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WholeTokens tokens && tokens.indices.equals(indices);
  }

  @Override
  public int hashCode() {
    return indices.hashCode();
  }

  @Override
  public String toString() {
    return indices.toString();
  }
}
