package sluice.text;

import java.text.Normalizer;

/** A text in the one form in which all that look the same are the same. */
final class UnicodeText {
  /** Stands for what is no character. */
  private static final int REPLACEMENT = 0xFFFD;

  /**
   * Marks on one letter that are kept, as many as in the Stream-Safe Text Format of Unicode's
   * Standard Annex 15: no script needs more, and putting more in order would take too long.
   */
  private static final int MOST_MARKS = 30;

  private static final int FINAL_SIGMA = 0x3C2;
  private static final int SIGMA = 0x3C3;

  private UnicodeText() {}

  /**
   * The text in Unicode's normal form C, so that a letter with an accent is the same whether it was
   * written as one character or as two. The tables are those of this version of Java. A surrogate
   * without its pair, which is no character, becomes U+FFFD; of more than {@value #MOST_MARKS}
   * marks that follow each other the first are kept.
   *
   * @param lowerCase each character in lower case, by Unicode's simple mapping, which knows no
   *     language; the final sigma becomes the other one, so that a word in capitals is the same
   */
  static String of(String text, boolean lowerCase) {
    StringBuilder bounded = new StringBuilder(text.length());
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      marks = CodePoints.isMark(point) ? marks + 1 : 0;
      if (marks <= MOST_MARKS) {
        bounded.appendCodePoint(
            isSurrogate(point) ? REPLACEMENT : lowerCase ? lower(point) : point);
      }
    }
    return Normalizer.normalize(bounded, Normalizer.Form.NFC);
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /** Not that of {@code String}, which looks for the ends of words around each sigma. */
  private static int lower(int point) {
    int lower = Character.toLowerCase(point);
    return lower == FINAL_SIGMA ? SIGMA : lower;
  }
}
