package sluice.text;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A text as the words that WordPiece cuts further, by the rule of BERT (Devlin et al. 2019, {@code
 * BasicTokenizer}; {@code BertNormalizer} and {@code BertPreTokenizer} of Hugging Face's
 * tokenizers): white space parts words, and a punctuation mark is a word. Each character is looked
 * at by itself, so that the time is in proportion to the text's length. A surrogate without its
 * pair counts as U+FFFD.
 *
 * <p>Tables of Unicode are those of Java. Hugging Face's are of several versions; of some 400
 * characters of rare scripts that Unicode has gained since its version 8 the two say different
 * things. {@code BertTokeniserTest} has them.
 *
 * @param cleanText whether controls, formats, private characters and U+FFFD are left out
 * @param chineseCharacters whether each Chinese character is a word
 * @param stripAccents whether letters are decomposed and lose their non-spacing marks
 * @param lowerCase whether letters are taken in lower case
 */
public record BertWords(
    boolean cleanText, boolean chineseCharacters, boolean stripAccents, boolean lowerCase)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int REPLACEMENT = 0xFFFD;
  private static final int ASCII = 0x80;

  /** What {@code BertNormalizer} takes for Chinese, with its gap before U+2B920. */
  private static final int[][] CHINESE = {
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xF900, 0xFAFF},
    {0x20000, 0x2A6DF},
    {0x2A700, 0x2B73F},
    {0x2B740, 0x2B81F},
    {0x2B920, 0x2CEAF},
    {0x2F800, 0x2FA1F}
  };

  /**
   * Hands on the words of a text in their order.
   *
   * @param words says whether it wants more; if not, the rest of the text is not looked at
   * @return whether it wants more at the end
   */
  boolean split(String text, Predicate<String> words) {
    Scan scan = new Scan(words);
    for (int i = 0; i < text.length() && scan.more; ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      point(isSurrogate(point) ? REPLACEMENT : point, scan);
    }
    scan.end();
    return scan.more;
  }

  private void point(int point, Scan scan) {
    if (cleanText && isDropped(point)) {
      return;
    }
    boolean alone = chineseCharacters && isChinese(point);
    if (alone) {
      scan.end();
    }
    if (point < ASCII) {
      scan.take(lowerCase && point >= 'A' && point <= 'Z' ? point + ('a' - 'A') : point);
    } else {
      normalised(Character.toString(point)).codePoints().forEach(scan::take);
    }
    if (alone) {
      scan.end();
    }
  }

  /** One character may become several, or none. */
  private String normalised(String character) {
    String bare = character;
    if (stripAccents) {
      StringBuilder kept = new StringBuilder();
      Normalizer.normalize(character, Normalizer.Form.NFD)
          .codePoints()
          .filter(point -> Character.getType(point) != Character.NON_SPACING_MARK)
          .forEach(kept::appendCodePoint);
      bare = kept.toString();
    }
    return lowerCase ? bare.toLowerCase(Locale.ROOT) : bare;
  }

  /** A word on its way. */
  private static final class Scan {
    private final Predicate<String> words;
    private final StringBuilder word = new StringBuilder();
    private boolean more = true;

    Scan(Predicate<String> words) {
      this.words = words;
    }

    void take(int point) {
      if (isSpace(point)) {
        end();
      } else if (isPunctuation(point)) {
        end();
        word.appendCodePoint(point);
        end();
      } else {
        word.appendCodePoint(point);
      }
    }

    void end() {
      if (!word.isEmpty()) {
        more = more && words.test(word.toString());
        word.setLength(0);
      }
    }
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  private static boolean isDropped(int point) {
    if (point == '\t' || point == '\n' || point == '\r') {
      return false;
    }
    int type = Character.getType(point);
    return point == REPLACEMENT
        || type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.PRIVATE_USE;
  }

  /** Unicode's property White_Space. */
  private static boolean isSpace(int point) {
    if (point < ASCII) {
      return point == ' ' || (point >= '\t' && point <= '\r');
    }
    int type = Character.getType(point);
    return point == 0x85
        || type == Character.SPACE_SEPARATOR
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isPunctuation(int point) {
    if (point < ASCII) {
      return point > ' ' && point < 0x7F && !Character.isLetterOrDigit(point);
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int point) {
    for (int[] range : CHINESE) {
      if (point >= range[0] && point <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
