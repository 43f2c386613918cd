package sluice.clean.text;

/** The digits of a number in a text, of any script, with separators between them. */
final class Digits {
  private final int[] values;
  private final int[] ends;
  private int size;

  /** A bit for each number of digits that a separator stands behind. */
  private long groups;

  /** What may stand between two digits. */
  enum Separators {
    /** One space, no-break space, hyphen, en dash or dot. */
    CARD(1),
    /** The same, a slash or a bracket, and two of them. */
    PHONE(2);

    private final int most;

    Separators(int most) {
      this.most = most;
    }

    boolean has(char c) {
      return switch (c) {
        case ' ', '-', '.', '\u00a0', '\u2010', '\u2011', '\u2013' -> true;
        case '/', '(', ')', '\uff08', '\uff09' -> this == PHONE;
        default -> false;
      };
    }
  }

  private Digits(int most) {
    values = new int[most];
    ends = new int[most];
  }

  /**
   * Reads from a place on.
   *
   * @param most how many digits at most, less than 64
   * @param separators what may stand between two digits
   */
  static Digits read(String text, int start, int most, Separators separators) {
    Digits digits = new Digits(most);
    int at = start;
    while (digits.size < most && isAt(text, at)) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      digits.values[digits.size] = value(c);
      digits.ends[digits.size++] = at;
      int behind = at;
      while (behind < text.length()
          && behind - at < separators.most
          && separators.has(text.charAt(behind))) {
        behind++;
      }
      if (behind > at && isAt(text, behind)) {
        digits.groups |= 1L << digits.size;
        at = behind;
      }
    }
    return digits;
  }

  static boolean isAt(String text, int at) {
    return at < text.length() && value(text.codePointAt(at)) >= 0;
  }

  static boolean isBefore(String text, int at) {
    return at > 0 && value(text.codePointBefore(at)) >= 0;
  }

  /** The value of a digit, or -1. */
  static int value(int c) {
    if (c < 0x80) {
      return c >= '0' && c <= '9' ? c - '0' : -1;
    }
    return Character.isDigit(c) ? Character.digit(c, 10) : -1;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  /** The number that digits are, the last of them left out. */
  int number(int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + values[i];
    }
    return number;
  }

  /** Where the text goes on behind the first so many. */
  int end(int count) {
    return ends[count - 1];
  }

  /**
   * Whether separators stand at these places and at no other among the first so many digits.
   *
   * @param behind numbers of digits that a separator stands behind
   */
  boolean isParted(int count, int... behind) {
    long wanted = 0;
    for (int place : behind) {
      wanted |= 1L << place;
    }
    return (groups & ((1L << count) - 1)) == wanted;
  }
}
