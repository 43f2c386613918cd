package sluice.text;

import java.io.Serializable;
import java.util.function.IntConsumer;
import sluice.data.InvalidInput;
import sluice.data.Require;

/**
 * WordPiece (Schuster and Nakajima 2012, as in Devlin et al. 2019): a word is the longest piece of
 * the vocabulary that it begins with, and so on with its rest. A word that is not all pieces is
 * unknown as a whole.
 *
 * @param vocabulary the pieces
 * @param unknown the index of what is unknown
 * @param continuation what stands before a piece in the vocabulary that does not begin a word
 * @param maxCharacters a longer word is unknown
 */
public record WordPieces(
    TokenIndices vocabulary, int unknown, String continuation, int maxCharacters)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The time for a word grows with the square of its length. */
  static final int MOST_CHARACTERS = 1000;

  /**
   * @throws InvalidInput if the vocabulary lacks the index, or words may be too long
   */
  public WordPieces {
    new Require()
        .within("unknown", unknown, 0, vocabulary.size() - 1)
        .within("max-characters", maxCharacters, 1, MOST_CHARACTERS)
        .hold();
  }

  /** Hands on the indices of the pieces of a word. */
  void encode(String word, IntConsumer taken) {
    if (word.codePointCount(0, word.length()) > maxCharacters) {
      taken.accept(unknown);
      return;
    }
    int[] found = new int[word.length()];
    int pieces = 0;
    int start = 0;
    while (start < word.length()) {
      String rest = start == 0 ? word : continuation + word.substring(start);
      int before = rest.length() - (word.length() - start);
      int end = Math.min(rest.length(), vocabulary.longest());
      int piece = TokenIndices.NONE;
      while (end > before && piece == TokenIndices.NONE) {
        piece = vocabulary.index(rest.substring(0, end));
        end--;
      }
      if (piece == TokenIndices.NONE) {
        taken.accept(unknown);
        return;
      }
      found[pieces++] = piece;
      start += end + 1 - before;
    }
    for (int i = 0; i < pieces; i++) {
      taken.accept(found[i]);
    }
  }
}
