package sluice.report;

/** Makes text that anyone may have written safe to show: in markup, in attributes, in views. */
final class Text {
  /** Characters of a name that are shown; the rest is an ellipsis. */
  static final int LONGEST_NAME = 60;

  /** Characters of a name that its tooltip shows. */
  static final int LONGEST_TITLE = 400;

  /** Characters of a sentence that are shown. */
  static final int LONGEST_PROSE = 600;

  private Text() {}

  /** Markup that reads as the text, in element content and in quoted attributes alike. */
  static String escaped(String text) {
    String visible = visible(text);
    StringBuilder markup = new StringBuilder(visible.length() + 16);
    for (int i = 0; i < visible.length(); i++) {
      char c = visible.charAt(i);
      switch (c) {
        case '&' -> markup.append("&amp;");
        case '<' -> markup.append("&lt;");
        case '>' -> markup.append("&gt;");
        case '"' -> markup.append("&quot;");
        case '\'' -> markup.append("&#39;");
        case '`' -> markup.append("&#96;");
        default -> markup.append(c);
      }
    }
    return markup.toString();
  }

  /**
   * The text with what cannot be seen made visible: control characters become their Unicode control
   * pictures; C1 controls, characters that reorder the text around them, half surrogate pairs and
   * noncharacters become U+FFFD. Tabs and line feeds stay.
   */
  static String visible(String text) {
    StringBuilder seen = new StringBuilder(text.length());
    text.codePoints().map(Text::visible).forEach(seen::appendCodePoint);
    return seen.toString();
  }

  private static int visible(int c) {
    if (c == '\n' || c == '\t') {
      return c;
    }
    if (c < 0x20) {
      return 0x2400 + c;
    }
    if (c == 0x7f) {
      return 0x2421;
    }
    boolean reorders = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    boolean surrogate = c >= 0xd800 && c <= 0xdfff;
    boolean nonCharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    return reorders || surrogate || nonCharacter || (c >= 0x80 && c <= 0x9f) ? 0xfffd : c;
  }

  /** The first characters of a text on one line, and an ellipsis if there are more. */
  static String shortened(String text, int characters) {
    String line = visible(text).replace('\n', '␊').replace('\t', '␉');
    if (line.codePointCount(0, line.length()) <= characters) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, characters - 1)) + "…";
  }

  /** A sentence that may quote data. */
  static String prose(String sentence) {
    return shortened(sentence, LONGEST_PROSE);
  }

  /** A name as charts and tables show it; a blank one is shown as such. */
  static String name(String name) {
    return name.isBlank() ? "(blank)" : shortened(name, LONGEST_NAME);
  }
}
