package sluice.text;

import java.util.function.Consumer;

/** One pass of a {@link WordTokeniser} over the code points of a text. */
final class WordScan {
  private static final int CURLED_APOSTROPHE = 0x2019;
  private static final int MIDDLE_DOT = 0xB7;

  private final WordTokeniser rule;
  private final int[] points;
  private final Consumer<String> tokens;
  private final StringBuilder token = new StringBuilder();

  /** The place of the next code point. */
  private int at;

  WordScan(WordTokeniser rule, int[] points, Consumer<String> tokens) {
    this.rule = rule;
    this.points = points;
    this.tokens = tokens;
  }

  void run() {
    while (at < points.length) {
      CharacterClass found = CharacterClass.of(points[at]);
      switch (found) {
        case SPACE, JOINER, IGNORED -> at++;
        case LETTER, DIGIT, WORD -> word();
        case HAN -> {
          if (rule.chinese() == Chinese.WORDS && isInDictionary(at)) {
            chinese();
          } else {
            alone();
          }
        }
        case ALONE -> alone();
        case MARK, SYMBOL -> symbol();
      }
    }
  }

  private void word() {
    CharacterClass last = CharacterClass.WORD;
    while (at < points.length) {
      CharacterClass next = CharacterClass.of(points[at]);
      if (next.isOfWords()) {
        last = next;
        token.appendCodePoint(points[at++]);
      } else if (next == CharacterClass.MARK || next == CharacterClass.JOINER) {
        token.appendCodePoint(points[at++]);
      } else if (next == CharacterClass.IGNORED) {
        at++;
      } else if (next == CharacterClass.SYMBOL && joins(last)) {
        token.append(points[at] == CURLED_APOSTROPHE ? '\'' : (char) points[at]);
        at++;
      } else {
        break;
      }
    }
    emit();
  }

  /** Whether the symbol here belongs to a word between this and what follows. */
  private boolean joins(CharacterClass before) {
    if (at + 1 >= points.length || CharacterClass.of(points[at + 1]) != before) {
      return false;
    }
    return switch (points[at]) {
      case '\'', CURLED_APOSTROPHE, '.' ->
          before == CharacterClass.LETTER || before == CharacterClass.DIGIT;
      case MIDDLE_DOT -> before == CharacterClass.LETTER;
      case ',' -> before == CharacterClass.DIGIT;
      default -> false;
    };
  }

  /** A letter that is a word, with its marks. */
  private void alone() {
    token.appendCodePoint(points[at++]);
    marks();
    emit();
  }

  private void marks() {
    while (at < points.length) {
      CharacterClass next = CharacterClass.of(points[at]);
      if (next == CharacterClass.MARK) {
        token.appendCodePoint(points[at]);
      } else if (next != CharacterClass.IGNORED) {
        return;
      }
      at++;
    }
  }

  /** Whether the character here may be part of a word of the dictionary, which has no others. */
  private boolean isInDictionary(int place) {
    return points[place] <= Character.MAX_VALUE
        && CharacterClass.of(points[place]) == CharacterClass.HAN
        && (place + 1 == points.length
            || CharacterClass.of(points[place + 1]) != CharacterClass.MARK);
  }

  /** Chinese characters up to the first that is none, parted by the dictionary. */
  private void chinese() {
    while (at < points.length && isInDictionary(at)) {
      token.append((char) points[at++]);
    }
    String characters = token.toString();
    token.setLength(0);
    ChineseWords.of(characters, tokens);
  }

  /** A symbol with all that is drawn as one with it. */
  private void symbol() {
    int first = points[at++];
    token.appendCodePoint(first);
    if (isFlagLetter(first) && at < points.length && isFlagLetter(points[at])) {
      token.appendCodePoint(points[at++]);
    }
    drawnOn();
    while (at + 1 < points.length
        && points[at] == CodePoints.ZERO_WIDTH_JOINER
        && Character.getType(points[at + 1]) == Character.OTHER_SYMBOL) {
      token.appendCodePoint(points[at++]).appendCodePoint(points[at++]);
      drawnOn();
    }
    if (rule.punctuation() == Punctuation.KEEP) {
      emit();
    } else {
      token.setLength(0);
    }
  }

  /** Marks and skin tones behind an emoji. */
  private void drawnOn() {
    marks();
    while (at < points.length && CodePoints.isSkinTone(points[at])) {
      token.appendCodePoint(points[at++]);
      marks();
    }
  }

  private static boolean isFlagLetter(int point) {
    return point >= 0x1F1E6 && point <= 0x1F1FF;
  }

  /** Hands on the token, without joiners at its end, and begins the next. */
  private void emit() {
    int length = token.length();
    while (length > 0 && CodePoints.isJoiner(token.charAt(length - 1))) {
      length--;
    }
    int from = 0;
    int characters = 0;
    for (int i = 0; i < length; i += Character.charCount(token.codePointAt(i))) {
      if (characters++ == WordTokeniser.MOST_CHARACTERS) {
        tokens.accept(token.substring(from, i));
        from = i;
        characters = 1;
      }
    }
    if (from < length) {
      tokens.accept(token.substring(from, length));
    }
    token.setLength(0);
  }
}
