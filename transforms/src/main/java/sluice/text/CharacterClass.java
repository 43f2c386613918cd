package sluice.text;

import java.lang.Character.UnicodeScript;

/** What a code point is to the rule that ends words. */
enum CharacterClass {
  /** White space, a control or a line end: ends a token and is none. */
  SPACE,
  /** A letter of a script that parts words by spaces. */
  LETTER,
  /** A digit from 0 to 9 of any script. */
  DIGIT,
  /** What else belongs to words: other numbers, and what ties words together as the low line. */
  WORD,
  /** A Chinese character. */
  HAN,
  /** A letter of a script that does not part words by spaces. */
  ALONE,
  /** A mark, which belongs to what it stands on. */
  MARK,
  /** A joiner or a non-joiner, between letters or between emoji. */
  JOINER,
  /** What is not seen: other characters of format, soft hyphens, selectors of glyphs. */
  IGNORED,
  /** A punctuation mark, a symbol, an emoji, or what Unicode has not assigned. */
  SYMBOL;

  /** Whether it is part of a word of several characters. */
  boolean isOfWords() {
    return this == LETTER || this == DIGIT || this == WORD;
  }

  static CharacterClass of(int point) {
    if (point < 0x80) {
      return ofAscii(point);
    }
    if (CodePoints.isJoiner(point)) {
      return JOINER;
    }
    if (isGlyphSelector(point)) {
      return IGNORED;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.LETTER_NUMBER ->
          ofLetter(point);
      case Character.DECIMAL_DIGIT_NUMBER -> DIGIT;
      case Character.OTHER_NUMBER, Character.CONNECTOR_PUNCTUATION -> WORD;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          MARK;
      case Character.FORMAT -> IGNORED;
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> SYMBOL;
    };
  }

  private static CharacterClass ofAscii(int point) {
    if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z')) {
      return LETTER;
    }
    if (point >= '0' && point <= '9') {
      return DIGIT;
    }
    if (point == '_') {
      return WORD;
    }
    return point <= ' ' || point == 0x7F ? SPACE : SYMBOL;
  }

  private static CharacterClass ofLetter(int point) {
    UnicodeScript script = UnicodeScript.of(point);
    return switch (script) {
      case HAN -> HAN;
      case HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> ALONE;
      default -> LETTER;
    };
  }

  /** A selector says how a character is drawn, not which it is. */
  private static boolean isGlyphSelector(int point) {
    return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF);
  }
}
