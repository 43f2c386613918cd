package sluice.clean.text;

import java.time.DateTimeException;
import java.time.LocalDate;
import sluice.clean.text.Digits.Separators;

/**
 * Finds numbers of persons and cards by their form. No regular expressions, which could take a
 * hostile text's length to some power: the places of a text are looked at in turn, and all looks
 * together take steps in proportion to its length. Each method says where what starts at a place
 * ends, or -1.
 */
final class PersonalNumbers {
  private static final int LEAST_CARD = 13;
  private static final int MOST_CARD = 19;
  private static final int ID_DIGITS = 17;

  /** Weights and check characters of ISO 7064, MOD 11-2, as GB 11643 has them. */
  private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

  private static final String CHECKS = "10X98765432";

  private PersonalNumbers() {}

  private static boolean isAscii(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** A Chinese resident identity number. */
  static int chineseId(String text, int start) {
    Digits digits = Digits.read(text, start, ID_DIGITS, Separators.CARD);
    if (digits.size() < ID_DIGITS || !isBirthday(digits)) {
      return -1;
    }
    int at = digits.end(ID_DIGITS);
    if (at < text.length() && Separators.CARD.has(text.charAt(at))) {
      at++;
    }
    if (at >= text.length()) {
      return -1;
    }
    int sum = 0;
    for (int i = 0; i < ID_DIGITS; i++) {
      sum += WEIGHTS[i] * digits.get(i);
    }
    char check = CHECKS.charAt(sum % CHECKS.length());
    int c = text.codePointAt(at);
    boolean right =
        check == 'X'
            ? c == 'X' || c == 'x' || c == '\uff38' || c == '\uff58'
            : Digits.value(c) == check - '0';
    int end = at + Character.charCount(c);
    boolean goesOn = Digits.isAt(text, end) || (end < text.length() && isAscii(text.charAt(end)));
    return right && !goesOn ? end : -1;
  }

  /** Whether the seventh to the fourteenth digit are a date since 1800. */
  private static boolean isBirthday(Digits digits) {
    int year = digits.number(6, 10);
    try {
      return LocalDate.of(year, digits.number(10, 12), digits.number(12, 14)).getYear() >= 1800;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** A number of a payment card. */
  static int card(String text, int start) {
    Digits digits = Digits.read(text, start, MOST_CARD, Separators.CARD);
    for (int count = digits.size(); count >= LEAST_CARD; count--) {
      boolean bank = digits.get(0) >= 2 && digits.get(0) <= 6;
      if (bank && !Digits.isAt(text, digits.end(count)) && isLuhn(digits, count)) {
        return digits.end(count);
      }
    }
    return -1;
  }

  /** The check digit of ISO/IEC 7812-1, annex B. */
  private static boolean isLuhn(Digits digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits.get(count - 1 - i);
      int weighted = i % 2 == 1 ? 2 * digit : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }

  /** Digits that a whole part before a fraction does not have. */
  private static final int LISTED = 10;

  /** Whether a number may start here: at a digit, and not within a longer number. */
  static boolean startsNumber(String text, int at) {
    if (!Digits.isAt(text, at)) {
      return false;
    }
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    return !Digits.isBefore(text, at)
        && !((before == '.' || before == ',') && isShortNumber(text, at - 1));
  }

  /** Whether a number ends here that has a fraction: longer ones are listed without spaces. */
  private static boolean isShortNumber(String text, int end) {
    int digits = 0;
    for (int at = end; digits < LISTED && Digits.isBefore(text, at); digits++) {
      at -= Character.charCount(text.codePointBefore(at));
    }
    return digits > 0 && digits < LISTED;
  }
}
