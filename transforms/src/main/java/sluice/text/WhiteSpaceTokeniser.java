package sluice.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What white space parts is a token, whatever it is made of: the words of a text that was parted
 * already, or the tags of such words. The text is taken in its normal form C. White space are the
 * spaces, controls and line ends of Unicode; none at either end makes a token.
 *
 * @param lowerCase whether the text is taken in lower case
 */
public record WhiteSpaceTokeniser(boolean lowerCase) implements Tokeniser {
  private static final long serialVersionUID = 1L;

  /** The tokens of a text as they stand in it. */
  public static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    new WhiteSpaceTokeniser(false).tokenise(text, tokens::add);
    return tokens;
  }

  @Override
  public void tokenise(String text, Consumer<String> tokens) {
    String normal = UnicodeText.of(text, lowerCase);
    int start = 0;
    int at = 0;
    while (at < normal.length()) {
      int point = normal.codePointAt(at);
      int next = at + Character.charCount(point);
      if (CharacterClass.of(point) == CharacterClass.SPACE) {
        if (start < at) {
          tokens.accept(normal.substring(start, at));
        }
        start = next;
      }
      at = next;
    }
    if (start < at) {
      tokens.accept(normal.substring(start, at));
    }
  }
}
