package sluice.data;

import java.util.Collection;
import java.util.stream.Collectors;

/** Texts as messages show them, of which long ones are cut, and lists of many. */
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

  /** So many of the names, and how many more there are. */
  public static String list(Collection<String> names, int most) {
    String first = names.stream().limit(most).collect(Collectors.joining(", "));
    int more = names.size() - most;
    return more > 0 ? first + " and " + more + " more" : first;
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
