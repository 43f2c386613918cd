package sluice.normalise;

import java.util.Comparator;

/**
 * Text by code point, which is also the order of its UTF-8 bytes and Spark's order; {@link
 * String#compareTo} puts what lies beyond the 16-bit plane too early.
 */
enum CodePointOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogates = Character.isSurrogate(x) || Character.isSurrogate(y);
        // The first difference inside a pair may be its second half: compare whole code points.
        return surrogates ? Integer.compare(codePoint(a, i), codePoint(b, i)) : x - y;
      }
    }
    return a.length() - b.length();
  }

  private static int codePoint(String text, int at) {
    boolean secondHalf =
        at > 0
            && Character.isLowSurrogate(text.charAt(at))
            && Character.isHighSurrogate(text.charAt(at - 1));
    return text.codePointAt(secondHalf ? at - 1 : at);
  }
}
