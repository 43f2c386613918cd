package sluice.text;

import java.util.Arrays;

/** One pass of a {@link WordTokeniser} over the code points of a text. */
final class WordScan {
  /** Takes the tokens of a text in their order. */
  interface Tokens {
    /**
     * Takes the next.
     *
     * @param from the place of its first code point
     * @param to the place behind its last
     */
    void token(String token, int from, int to);
  }

  private static final int CURLED_APOSTROPHE = 0x2019;
  private static final int MIDDLE_DOT = 0xB7;

  private final WordTokeniser rule;
  private final int[] points;
  private final Tokens tokens;
  private final StringBuilder token = new StringBuilder();

  /** Where the code points of the token are, one after the other. */
  private int[] places = new int[64];

  private int size;

  /** The place of the next code point. */
  private int at;

  WordScan(WordTokeniser rule, int[] points, Tokens tokens) {
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
        take(points[at]);
      } else if (next == CharacterClass.MARK || next == CharacterClass.JOINER) {
        take(points[at]);
      } else if (next == CharacterClass.IGNORED) {
        at++;
      } else if (next == CharacterClass.SYMBOL && joins(last)) {
        take(points[at] == CURLED_APOSTROPHE ? '\'' : points[at]);
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
    take(points[at]);
    marks();
    emit();
  }

  private void marks() {
    while (at < points.length) {
      CharacterClass next = CharacterClass.of(points[at]);
      if (next == CharacterClass.MARK) {
        take(points[at]);
      } else if (next == CharacterClass.IGNORED) {
        at++;
      } else {
        return;
      }
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
    int first = at;
    while (at < points.length && isInDictionary(at)) {
      at++;
    }
    // The dictionary's words are parts of the characters, in their order.
    int[] from = {first};
    ChineseWords.of(
        new String(points, first, at - first),
        word -> {
          tokens.token(word, from[0], from[0] + word.length());
          from[0] += word.length();
        });
  }

  /** A symbol with all that is drawn as one with it. */
  private void symbol() {
    int first = points[at];
    take(first);
    if (isFlagLetter(first) && at < points.length && isFlagLetter(points[at])) {
      take(points[at]);
    }
    drawnOn();
    while (at + 1 < points.length
        && points[at] == CodePoints.ZERO_WIDTH_JOINER
        && Character.getType(points[at + 1]) == Character.OTHER_SYMBOL) {
      take(points[at]);
      take(points[at]);
      drawnOn();
    }
    if (rule.punctuation() == Punctuation.KEEP) {
      emit();
    } else {
      clear();
    }
  }

  /** Marks and skin tones behind an emoji. */
  private void drawnOn() {
    marks();
    while (at < points.length && CodePoints.isSkinTone(points[at])) {
      take(points[at]);
      marks();
    }
  }

  private static boolean isFlagLetter(int point) {
    return point >= 0x1F1E6 && point <= 0x1F1FF;
  }

  /** Adds a character to the token, for the code point here, and goes to the next. */
  private void take(int point) {
    if (size == places.length) {
      places = Arrays.copyOf(places, 2 * size);
    }
    places[size++] = at++;
    token.appendCodePoint(point);
  }

  /** Hands on the token, without joiners at its end, and begins the next. */
  private void emit() {
    int length = token.length();
    int count = size;
    while (length > 0 && CodePoints.isJoiner(token.charAt(length - 1))) {
      length--;
      count--;
    }
    int from = 0;
    for (int first = 0; first < count; first += WordTokeniser.MOST_CHARACTERS) {
      int last = Math.min(count, first + WordTokeniser.MOST_CHARACTERS);
      int to = last == count ? length : token.offsetByCodePoints(from, last - first);
      tokens.token(token.substring(from, to), places[first], places[last - 1] + 1);
      from = to;
    }
    clear();
  }

  private void clear() {
    token.setLength(0);
    size = 0;
  }
}
