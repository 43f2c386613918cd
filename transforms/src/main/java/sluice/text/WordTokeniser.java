package sluice.text;

import java.util.function.Consumer;

/**
 * The words of a text in its normal form C: a simpler rule than that of Unicode's Standard Annex 29
 * ("Unicode Text Segmentation"), and one that no table of the locale changes.
 *
 * <ul>
 *   <li>Letters, digits and low lines that follow each other are a word. An apostrophe, a full stop
 *       or a middle dot between two letters belongs to it, and so does an apostrophe, a full stop
 *       or a comma between two digits: {@code don't}, {@code u.s.a}, {@code 1,234.5}. The curled
 *       apostrophe becomes the straight one.
 *   <li>Chinese characters that follow each other are parted as {@link Chinese} says. Hiragana,
 *       Katakana, Thai, Lao, Khmer and Burmese, which have no spaces between words either, are
 *       parted behind each letter.
 *   <li>A mark, as an accent that no composed letter has, belongs to what it stands on; of more
 *       than 30 on one letter the first are kept. Characters that are not seen (soft hyphens, marks
 *       of direction, selectors of glyphs) are left out, but that joiners and non-joiners between
 *       two letters stay.
 *   <li>Every other character that is no white space is a token, see {@link Punctuation}. An emoji
 *       with its skin tone, several that a joiner ties together, and two letters that are a flag,
 *       are one.
 * </ul>
 *
 * <p>A token of more than {@value #MOST_CHARACTERS} characters becomes several, cut after each so
 * many, as in Lucene: no word is as long, and what is must not fill a vocabulary's memory.
 *
 * @param lowerCase whether the text is taken in lower case
 * @param punctuation what becomes of what belongs to no word
 * @param chinese where Chinese words end
 */
public record WordTokeniser(boolean lowerCase, Punctuation punctuation, Chinese chinese)
    implements Tokeniser {
  private static final long serialVersionUID = 1L;

  static final int MOST_CHARACTERS = 255;

  @Override
  public void tokenise(String text, Consumer<String> tokens) {
    int[] points = UnicodeText.of(text, lowerCase).codePoints().toArray();
    new WordScan(this, points, (token, from, to) -> tokens.accept(token)).run();
  }
}
