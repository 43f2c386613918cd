package sluice.text;

import java.util.function.Consumer;

/**
 * The pieces of a text within which byte pairs are merged: letters that follow each other, digits,
 * or other signs, with one space before a piece that white space or the text's beginning stands
 * before, as in GPT-2 (Radford et al. 2019) and SentencePiece (Kudo and Richardson 2018). White
 * space and controls themselves are left out. The text is taken in its normal form C. A piece of
 * more than {@value #MOST_CHARACTERS} characters becomes several.
 *
 * @param lowerCase whether the text is taken in lower case
 */
public record PieceTokeniser(boolean lowerCase) implements Tokeniser {
  private static final long serialVersionUID = 1L;

  static final int MOST_CHARACTERS = 255;

  /** What a piece is of. */
  private enum Part {
    LETTERS,
    DIGITS,
    SIGNS,
    SPACE;

    static Part of(CharacterClass found) {
      return switch (found) {
        case SPACE -> SPACE;
        case DIGIT -> DIGITS;
        case LETTER, WORD, HAN, ALONE, MARK, JOINER, IGNORED -> LETTERS;
        case SYMBOL -> SIGNS;
      };
    }
  }

  @Override
  public void tokenise(String text, Consumer<String> tokens) {
    String normal = UnicodeText.of(text, lowerCase);
    StringBuilder piece = new StringBuilder(" ");
    Part before = Part.SPACE;
    int characters = 0;
    for (int i = 0; i < normal.length(); ) {
      int point = normal.codePointAt(i);
      i += Character.charCount(point);
      Part part = Part.of(CharacterClass.of(point));
      if (part != before || characters == MOST_CHARACTERS) {
        if (before != Part.SPACE) {
          tokens.accept(piece.toString());
          piece.setLength(0);
        }
        if (part == Part.SPACE) {
          piece.append(' ');
        }
        characters = 0;
      }
      if (part != Part.SPACE) {
        piece.appendCodePoint(point);
        characters++;
      }
      before = part;
    }
    if (before != Part.SPACE) {
      tokens.accept(piece.toString());
    }
  }
}
