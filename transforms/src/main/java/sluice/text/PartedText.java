package sluice.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A text as its words and what stands between them, so that words can be changed while punctuation
 * and white space stay: the words of a {@link WordTokeniser} that drops punctuation, keeps capitals
 * and parts Chinese by the dictionary, in Unicode's normal form C. Immutable.
 */
public final class PartedText {
  private static final WordTokeniser RULE =
      new WordTokeniser(false, Punctuation.DROP, Chinese.WORDS);

  private final List<String> words;

  /** What stands before each word and behind the last. */
  private final List<String> gaps;

  private PartedText(List<String> words, List<String> gaps) {
    this.words = List.copyOf(words);
    this.gaps = List.copyOf(gaps);
  }

  /** Parts a text. */
  public static PartedText of(String text) {
    int[] points = UnicodeText.of(text, false).codePoints().toArray();
    List<String> words = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    int[] end = {0};
    new WordScan(
            RULE,
            points,
            (token, from, to) -> {
              gaps.add(new String(points, end[0], from - end[0]));
              words.add(token);
              end[0] = to;
            })
        .run();
    gaps.add(new String(points, end[0], points.length - end[0]));
    return new PartedText(words, gaps);
  }

  /** The words in their order. */
  public List<String> words() {
    return words;
  }

  /**
   * The text with other words: of a word that goes, the white space behind it goes too if there is
   * some before it, and a space parts two words that would run together.
   *
   * @param slots what stands in the place of each word, and one more, at the end, of what follows
   *     the last word
   */
  public String with(List<List<String>> slots) {
    if (slots.size() != words.size() + 1) {
      throw new IllegalArgumentException(
          "%s places for %s words".formatted(slots.size(), words.size()));
    }
    StringBuilder text = new StringBuilder();
    String last = "";
    boolean gone = false;
    for (int i = 0; i < slots.size(); i++) {
      // What is added behind the last word stands before what follows that.
      if (i < words.size()) {
        String gap = gone && endsInSpace(text) ? gaps.get(i).stripLeading() : gaps.get(i);
        text.append(gap);
        last = gap.isEmpty() ? last : "";
      }
      for (String word : slots.get(i)) {
        text.append(runTogether(last, word) ? " " : "").append(word);
        last = word;
      }
      gone = slots.get(i).isEmpty();
    }
    return text.append(gaps.get(words.size())).toString();
  }

  private static boolean endsInSpace(StringBuilder text) {
    return text.length() == 0 || Character.isWhitespace(text.charAt(text.length() - 1));
  }

  /** Whether two words without a gap would be one; words of Chinese and its like would not. */
  private static boolean runTogether(String left, String right) {
    return !left.isEmpty() && isSpaced(left) && isSpaced(right);
  }

  private static boolean isSpaced(String word) {
    return CharacterClass.of(word.codePointAt(0)).isOfWords();
  }
}
