package sluice.text;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import sluice.data.InvalidInput;

/**
 * A text as the indices that a pretrained network of the family of BERT takes, those of special
 * tokens included: what a {@code tokenizer.json} says ({@link TokenizerJson}).
 *
 * @param words what cuts a text into words
 * @param pieces what cuts words into tokens
 * @param whole texts that are one token each; their indices are of the pieces, or follow them
 * @param before the indices that every text begins with
 * @param after those that it ends with
 */
public record BertTokeniser(
    BertWords words,
    WordPieces pieces,
    WholeTokens whole,
    List<Integer> before,
    List<Integer> after)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * @throws InvalidInput (data) if indices of whole tokens do not follow those of the pieces
   *     without a gap, or a special token is none
   */
  public BertTokeniser {
    before = List.copyOf(before);
    after = List.copyOf(after);
    if (byIndex(whole).size() < whole.indices().size()) {
      throw InvalidInput.data(
          "added tokens must have different indices, got " + whole.indices().values());
    }
    int next = pieces.vocabulary().size();
    for (Map.Entry<Integer, String> token : byIndex(whole).entrySet()) {
      int index = token.getKey();
      boolean known = index >= 0 && index < pieces.vocabulary().size();
      if (known
          ? !pieces.vocabulary().tokens().get(index).equals(token.getValue())
          : index != next++) {
        throw InvalidInput.data(
            "added token %s: its index must be that of the vocabulary, or follow the last one without a gap, got %s"
                .formatted(token.getValue(), index));
      }
    }
    int size = next;
    Stream.of(before, after)
        .flatMap(Collection::stream)
        .filter(index -> index < 0 || index >= size)
        .findFirst()
        .ifPresent(
            index -> {
              throw InvalidInput.data(
                  "a special token must be an index below %s, got %s".formatted(size, index));
            });
  }

  private static NavigableMap<Integer, String> byIndex(WholeTokens whole) {
    NavigableMap<Integer, String> byIndex = new TreeMap<>();
    whole.indices().forEach((token, index) -> byIndex.put(index, token));
    return byIndex;
  }

  /** How many indices there are: they run from 0 to one less. */
  public int size() {
    return tokens().size();
  }

  /** What each index stands for. */
  public List<String> tokens() {
    List<String> tokens = new ArrayList<>(pieces.vocabulary().tokens());
    tokens.addAll(byIndex(whole).tailMap(tokens.size(), true).values());
    return tokens;
  }

  /** The index of every token that is not known. */
  public int unknown() {
    return pieces.unknown();
  }

  /** How many special tokens every text has. */
  public int specials() {
    return before.size() + after.size();
  }

  /**
   * The indices of a text. What comes behind the last one that is wanted is not looked at.
   *
   * @param most how many are wanted, more than {@link #specials}: the first of the text, between
   *     the special tokens
   */
  public int[] encode(String text, int most) {
    Indices indices = new Indices(most - after.size());
    before.forEach(indices::add);
    int at = 0;
    boolean more = true;
    while (more && at < text.length()) {
      WholeTokens.Found token = whole.next(text, at);
      more = words.split(text.substring(at, token.start()), indices::addWord);
      if (more && token.start() < text.length()) {
        more = indices.add(token.index());
      }
      at = token.end();
    }
    return indices.with(after);
  }

  /** The first indices of a text. */
  private final class Indices {
    private final int most;
    private int[] values = new int[16];
    private int count;

    Indices(int most) {
      this.most = most;
    }

    boolean add(int index) {
      if (count < most) {
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = index;
      }
      return count < most;
    }

    boolean addWord(String word) {
      pieces.encode(word, this::add);
      return count < most;
    }

    int[] with(List<Integer> last) {
      int[] all = Arrays.copyOf(values, count + last.size());
      for (int i = 0; i < last.size(); i++) {
        all[count + i] = last.get(i);
      }
      return all;
    }
  }
}
