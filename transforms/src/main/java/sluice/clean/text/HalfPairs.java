package sluice.clean.text;

/** Halves of surrogate pairs: no characters, and nothing that UTF-8 can hold. */
final class HalfPairs {
  private HalfPairs() {}

  /** The text with U+FFFD in their places. */
  static String replaced(String text) {
    StringBuilder whole = null;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        whole = whole == null ? new StringBuilder(text) : whole;
        whole.setCharAt(i, '\ufffd');
      }
    }
    return whole == null ? text : whole.toString();
  }
}
