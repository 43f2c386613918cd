package sluice.text;

import java.util.function.Consumer;

/**
 * Each character of a text is a token: each code point of its normal form C, so that what lies
 * beyond the 16-bit plane is one. White space and controls are tokens too. A surrogate without its
 * pair becomes U+FFFD.
 *
 * @param lowerCase whether the text is taken in lower case
 */
public record CharacterTokeniser(boolean lowerCase) implements Tokeniser {
  private static final long serialVersionUID = 1L;

  @Override
  public void tokenise(String text, Consumer<String> tokens) {
    UnicodeText.of(text, lowerCase)
        .codePoints()
        .forEach(point -> tokens.accept(Character.toString(point)));
  }
}
