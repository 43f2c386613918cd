package sluice.clean.text;

import sluice.clean.text.Digits.Separators;

/**
 * Finds telephone numbers by their form: how many digits, and where they are parted. The parts are
 * what tells them from dates, addresses of IP, ISBN and numbers of orders. Each method says where
 * the number that starts at a place ends, or -1.
 */
final class PhoneNumber {
  private static final int LEAST = 8;
  private static final int MOST = 15;

  /** Digits of a number of the zones 1 and 7, with it (North America; Russia and Kazakhstan). */
  private static final int ZONE = 11;

  /** Digits behind 00: fewer are mostly of other numbers that have zeros in front. */
  private static final int LEAST_DIALLED = 10;

  private static final int MOBILE = 11;
  private static final int NORTH_AMERICAN = 10;

  /** Digits before a hyphen that may be a telephone number themselves. */
  private static final int LISTED = 7;

  private PhoneNumber() {}

  /** A number behind a plus. */
  static int international(String text, int start) {
    if (start > 0 && isAscii(text.charAt(start - 1))) {
      // A sum.
      return -1;
    }
    int from = start + 1;
    while (from < text.length() && from - start <= 2 && Separators.PHONE.has(text.charAt(from))) {
      from++;
    }
    if (!Digits.isAt(text, from)) {
      return -1;
    }
    Digits digits = Digits.read(text, from, MOST + 2, Separators.PHONE);
    for (int count = Math.min(MOST, digits.size()); count >= LEAST; count--) {
      if (isInZone(digits, 0, count) && !Digits.isAt(text, digits.end(count))) {
        return digits.end(count);
      }
    }
    return -1;
  }

  /** A number that begins with a digit, or a bracket before one. */
  static int national(String text, int start) {
    char c = text.charAt(start);
    int from = c == '(' || c == '\uff08' ? start + 1 : start;
    if (!Digits.isAt(text, from) || isWithin(text, from)) {
      return -1;
    }
    Digits digits = Digits.read(text, from, MOST + 2, Separators.PHONE);
    for (int count = digits.size(); count >= LEAST; count--) {
      int end = digits.end(count);
      boolean fits =
          isDialled(digits, count)
              || isChineseMobile(digits, count)
              || isChineseLandline(digits, count)
              || (isNorthAmerican(digits, count) && !hyphenated(text, end));
      if (fits && !Digits.isAt(text, end) && !goesOn(text, from, end)) {
        return end;
      }
    }
    return -1;
  }

  private static boolean isAscii(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** Whether what stands before says that digits are an amount, or the rest of a longer number. */
  private static boolean isWithin(String text, int start) {
    if (start == 0) {
      return false;
    }
    char before = text.charAt(start - 1);
    if (Character.getType(before) == Character.CURRENCY_SYMBOL) {
      return true;
    }
    int digits = 0;
    for (int at = start - 1; digits < LISTED && Digits.isBefore(text, at); digits++) {
      at -= Character.charCount(text.codePointBefore(at));
    }
    return before == '-' && digits > 0 && digits < LISTED;
  }

  /** Whether digits are within a word, as of a hash, or have a fraction of one or two digits. */
  private static boolean goesOn(String text, int start, int end) {
    if (end >= text.length()) {
      return false;
    }
    char behind = text.charAt(end);
    if (isAscii(behind)) {
      return start > 0 && isAscii(text.charAt(start - 1));
    }
    if (behind != '.' && behind != ',') {
      return false;
    }
    int at = end + 1;
    while (at - end <= 3 && Digits.isAt(text, at)) {
      at++;
    }
    return at - end == 2 || at - end == 3;
  }

  private static boolean hyphenated(String text, int end) {
    return end < text.length() && text.charAt(end) == '-' && Digits.isAt(text, end + 1);
  }

  /** Whether digits from a place on may be a country code and what belongs to it. */
  private static boolean isInZone(Digits digits, int from, int count) {
    int zone = digits.get(from);
    return zone > 0 && ((zone != 1 && zone != 7) || count - from == ZONE);
  }

  private static boolean isDialled(Digits digits, int count) {
    return digits.number(0, 2) == 0 && count >= LEAST_DIALLED + 2 && isInZone(digits, 2, count);
  }

  /** 3-4-4, 3-8, 7-4, 3-3-5 or unparted. */
  private static boolean isChineseMobile(Digits digits, int count) {
    int country = count == MOBILE + 2 && digits.number(0, 2) == 86 ? 2 : 0;
    return count == MOBILE + country
        && digits.get(country) == 1
        && digits.get(country + 1) > 2
        && (isParted(digits, country, count)
            || isParted(digits, country, count, 3)
            || isParted(digits, country, count, 7)
            || isParted(digits, country, count, 3, 7)
            || isParted(digits, country, count, 3, 6));
  }

  /** An area code, 010, 02x or of four digits from 03 on, and a subscriber's number. */
  private static boolean isChineseLandline(Digits digits, int count) {
    if (digits.get(0) != 0 || digits.get(1) == 0) {
      return false;
    }
    int area = digits.number(0, 3) == 10 || digits.get(1) == 2 ? 3 : 4;
    int subscriber = count - area;
    return (area == 3 || digits.get(1) > 2)
        && (subscriber == 7 || subscriber == 8)
        && digits.get(area) > 1
        && (digits.isParted(count, area) || digits.isParted(count, area, count - 4));
  }

  private static boolean isNorthAmerican(Digits digits, int count) {
    int country = count == NORTH_AMERICAN + 1 && digits.get(0) == 1 ? 1 : 0;
    return count == NORTH_AMERICAN + country
        && isParted(digits, country, count, 3, 6)
        && digits.get(country) > 1
        && digits.get(country + 3) > 1;
  }

  /** Whether what is behind a country code, itself parted or not, is parted at these places. */
  private static boolean isParted(Digits digits, int country, int count, int... behind) {
    int[] places = new int[behind.length];
    int[] withCountry = new int[behind.length + 1];
    withCountry[behind.length] = country;
    for (int i = 0; i < behind.length; i++) {
      places[i] = country + behind[i];
      withCountry[i] = places[i];
    }
    return digits.isParted(count, places) || (country > 0 && digits.isParted(count, withCountry));
  }
}
