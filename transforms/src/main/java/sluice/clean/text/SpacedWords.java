package sluice.clean.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a text: what stands between white space, where an ideograph or a kana is a word by
 * itself, as in the usual counts of Chinese (sacrebleu's {@code zh}). Punctuation belongs to the
 * word that it touches. Thai, Lao, Khmer and Burmese, which set no space between words either,
 * count as one word up to the next space.
 */
final class SpacedWords {
  private SpacedWords() {}

  /** The words in order. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    boolean hasLetter = false;
    boolean lastIsIdeograph = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (WhiteSpace.is(c)) {
        if (start >= 0) {
          words.add(text.substring(start, i));
        }
        start = -1;
        hasLetter = false;
      } else {
        boolean ideograph = isIdeograph(c);
        boolean letter = ideograph || Character.isLetterOrDigit(c);
        boolean begins = start >= 0 && hasLetter && letter && (ideograph || lastIsIdeograph);
        if (begins) {
          words.add(text.substring(start, i));
        }
        start = begins || start < 0 ? i : start;
        hasLetter |= letter;
        lastIsIdeograph = letter ? ideograph : hasLetter && lastIsIdeograph;
      }
      i += Character.charCount(c);
    }
    if (start >= 0) {
      words.add(text.substring(start));
    }
    return words;
  }

  /** How many characters texts have, white space aside. */
  static int characters(List<String> texts) {
    int characters = 0;
    for (String text : texts) {
      for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
        characters += WhiteSpace.is(text.codePointAt(i)) ? 0 : 1;
      }
    }
    return characters;
  }

  /** Ideographs, and the blocks of Hiragana and Katakana but for the dot between words. */
  private static boolean isIdeograph(int c) {
    return Character.isIdeographic(c) || (c >= 0x3041 && c <= 0x30ff && c != 0x30fb);
  }
}
