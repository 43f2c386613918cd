package sluice.clean.text;

import java.time.DateTimeException;
import java.time.LocalDate;
import sluice.clean.text.Digits.Separators;
import sluice.text.CodePoints;

/**
 * Finds personal data by its form. No regular expressions, which could take a hostile text's length
 * to some power: the places of a text are looked at in turn, and all looks together take steps in
 * proportion to its length. Each method says where what starts at a place ends, or -1.
 */
final class PersonalData {
  private static final int LEAST_CARD = 13;
  private static final int MOST_CARD = 19;
  private static final int ID_DIGITS = 17;
  private static final int LEAST_PHONE = 8;
  private static final int MOST_PHONE = 15;
  private static final int MOBILE = 11;
  private static final int NORTH_AMERICAN = 10;

  /** Weights and check characters of ISO 7064, MOD 11-2, as GB 11643 has them. */
  private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};

  private static final String CHECKS = "10X98765432";

  private static final String LOCAL_SIGNS = "._%+-&~'";

  private PersonalData() {}

  /** An address of mail. */
  static int mail(String text, int start) {
    int at = start;
    while (at < text.length() && isLocal(text.charAt(at))) {
      at++;
    }
    boolean found = at > start && at < text.length() && text.charAt(at) == '@';
    return found ? domain(text, at + 1) : -1;
  }

  /** Whether an address may start here: where a run of its characters does, but for apostrophes. */
  static boolean startsMail(String text, int at) {
    char c = text.charAt(at);
    if (!isLocal(c) || c == '\'') {
      return false;
    }
    int before = at;
    while (before > 0 && text.charAt(before - 1) == '\'') {
      before--;
    }
    return before == 0 || !isLocal(text.charAt(before - 1));
  }

  private static boolean isLocal(char c) {
    return isAscii(c) || LOCAL_SIGNS.indexOf(c) >= 0;
  }

  private static boolean isAscii(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Labels with dots between; the last that may be a top-level domain is the end. */
  private static int domain(String text, int start) {
    int end = -1;
    int at = start;
    for (int labels = 1; ; labels++) {
      int from = at;
      at = label(text, from);
      boolean top = at - from > 1 && Character.isLetter(text.codePointAt(from));
      end = labels > 1 && top ? at : end;
      if (at == from || at + 1 >= text.length() || text.charAt(at) != '.') {
        return end;
      }
      at++;
    }
  }

  /** Where a label ends: ASCII letters, digits and hyphens, or letters of other scripts. */
  private static int label(String text, int start) {
    boolean ascii = start < text.length() && isAscii(text.charAt(start));
    int at = start;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      boolean fits =
          ascii
              ? isAscii(c) || c == '-'
              : c > 0x7f && (Character.isLetter(c) || CodePoints.isMark(c));
      if (!fits) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
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

  /** A telephone number behind a plus. */
  static int internationalPhone(String text, int start) {
    if (start > 0 && isAscii(text.charAt(start - 1))) {
      // A sum.
      return -1;
    }
    int from = start + 1;
    while (from < text.length() && from - start <= 2 && Separators.PHONE.has(text.charAt(from))) {
      from++;
    }
    return Digits.isAt(text, from) ? phone(text, from, Prefix.PLUS) : -1;
  }

  /** A telephone number that begins with a digit, or a bracket before one. */
  static int nationalPhone(String text, int start) {
    char c = text.charAt(start);
    int from = c == '(' || c == '\uff08' ? start + 1 : start;
    return Digits.isAt(text, from) ? phone(text, from, Prefix.NONE) : -1;
  }

  private enum Prefix {
    PLUS,
    NONE
  }

  private static int phone(String text, int start, Prefix prefix) {
    Digits digits = Digits.read(text, start, MOST_PHONE + 2, Separators.PHONE);
    for (int count = digits.size(); count >= LEAST_PHONE; count--) {
      boolean fits =
          prefix == Prefix.PLUS
              ? digits.get(0) > 0 && count <= MOST_PHONE
              : isDialled(digits, count)
                  || isChineseMobile(digits, count)
                  || isChineseLandline(digits, count)
                  || isNorthAmerican(digits, count);
      if (fits && !Digits.isAt(text, digits.end(count))) {
        return digits.end(count);
      }
    }
    return -1;
  }

  private static boolean isDialled(Digits digits, int count) {
    return digits.number(0, 2) == 0 && digits.get(2) > 0 && count >= LEAST_PHONE + 2;
  }

  private static boolean isChineseMobile(Digits digits, int count) {
    int country = count == MOBILE + 2 && digits.number(0, 2) == 86 ? 2 : 0;
    return count == MOBILE + country && digits.get(country) == 1 && digits.get(country + 1) > 2;
  }

  private static boolean isChineseLandline(Digits digits, int count) {
    int area = digits.isGroup(3) ? 3 : 4;
    return digits.get(0) == 0
        && digits.get(1) > 0
        && digits.isGroup(area)
        && (count - area == 7 || count - area == 8)
        && digits.get(area) > 1;
  }

  private static boolean isNorthAmerican(Digits digits, int count) {
    int country = count == NORTH_AMERICAN + 1 && digits.get(0) == 1 ? 1 : 0;
    return count == NORTH_AMERICAN + country
        && digits.isGroup(country + 3)
        && digits.isGroup(country + 6)
        && digits.get(country) > 1
        && digits.get(country + 3) > 1;
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
