package sluice.data;

/** Texts as messages show them, of which long ones are cut. */
public final class Excerpt {
  private static final int MOST_CHARACTERS = 100;

  private Excerpt() {}

  /** The text, or its first 100 characters and three dots. */
  public static String of(String text) {
    String start = start(text, MOST_CHARACTERS);
    return start.length() == text.length() ? text : start + "...";
  }

  /** The same in quotes. */
  public static String quoted(String text) {
    return "\"" + of(text) + "\"";
  }

  /** So many characters of a text from its start, or one less, where that is half of a pair. */
  public static String start(String text, int characters) {
    if (text.length() <= characters) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(characters - 1));
    return text.substring(0, half ? characters - 1 : characters);
  }
}
