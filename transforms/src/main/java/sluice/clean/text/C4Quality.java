package sluice.clean.text;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.data.Require;

/**
 * The heuristics of C4, the Colossal Clean Crawled Corpus (Raffel et al. 2020, Exploring the Limits
 * of Transfer Learning, section 2.2). A text with the phrase "lorem ipsum" or a curly bracket is
 * rejected. Of the lines of any other, those are taken that end in a terminal mark and not in three
 * dots, have enough words, none of more than 1,000 characters, and mention neither Javascript nor a
 * policy (terms of use, privacy, cookies); and these must have enough sentences.
 *
 * <p>Terminal marks are those of the paper, {@code . ! ? "}, and their Chinese and Japanese forms.
 * A sentence ends where such a mark stands before white space or at the end of a line, a Chinese or
 * Japanese one anywhere; at a quotation mark within a line only if it closes a sentence. What C4
 * does beyond is left out: its list of bad words, its marks of citations, its removal of repeated
 * sentences, and its check of the language, which is a rule of its own here.
 *
 * @param wordsAtLeast the least words, see {@link SpacedWords}, of a line that is taken
 * @param sentencesAtLeast the least sentences of a text that is kept
 * @param lines what becomes of the lines that are not taken
 */
public record C4Quality(int wordsAtLeast, int sentencesAtLeast, Lines lines)
    implements TextQuality {
  /** With the thresholds of C4. */
  public static final C4Quality OF_C4 = new C4Quality(5, 3, Lines.DROP);

  private static final String SET = "c4";
  private static final String STOPS = ".!?\u3002\uff01\uff1f";
  private static final String QUOTES = "\"\u201d\u300d\u300f";
  private static final int LONGEST_WORD = 1000;
  private static final List<String> POLICIES =
      List.of(
          "terms of use",
          "privacy policy",
          "cookie policy",
          "uses cookies",
          "use of cookies",
          "use cookies");

  public C4Quality {
    new Require()
        .atLeast("words-at-least", wordsAtLeast, 0)
        .atLeast("sentences-at-least", sentencesAtLeast, 1)
        .hold();
  }

  /** What becomes of lines that are not taken. */
  public enum Lines {
    /** They are left out of the text, as in C4. */
    DROP,
    /** They stay in the text. */
    KEEP
  }

  @Override
  public Optional<Violation> violation(String text) {
    return new Heuristic(
            SET, "count of lorem ipsum", Heuristic.occurrences(lower(text), "lorem ipsum"))
        .atMost(0)
        .or(
            () ->
                new Heuristic(SET, "count of curly brackets", Heuristic.occurrences(text, "{"))
                    .atMost(0))
        .or(() -> new Heuristic(SET, "sentence count", sentences(text)).atLeast(sentencesAtLeast));
  }

  @Override
  public String kept(String text) {
    if (lines == Lines.KEEP) {
      return text;
    }
    List<String> taken = taken(text).toList();
    return taken.size() == WhiteSpace.lines(text).size() ? text : String.join("\n", taken);
  }

  private Stream<String> taken(String text) {
    return WhiteSpace.lines(text).stream().map(WhiteSpace::strip).filter(this::isTaken);
  }

  private boolean isTaken(String line) {
    if (line.isEmpty() || !isStop(line.charAt(line.length() - 1)) || line.endsWith("...")) {
      return false;
    }
    String lower = lower(line);
    if (lower.contains("javascript") || POLICIES.stream().anyMatch(lower::contains)) {
      return false;
    }
    List<String> words = SpacedWords.of(line);
    return words.size() >= wordsAtLeast
        && words.stream().allMatch(word -> word.length() <= LONGEST_WORD);
  }

  private long sentences(String text) {
    return taken(text).mapToLong(C4Quality::sentencesOfLine).sum();
  }

  private static long sentencesOfLine(String line) {
    long sentences = 0;
    int last = line.length() - 1;
    for (int i = 0; i <= last; i++) {
      char c = line.charAt(i);
      boolean closes = QUOTES.indexOf(c) >= 0 && i < last;
      boolean ends = closes ? i > 0 && STOPS.indexOf(line.charAt(i - 1)) >= 0 : isStop(c);
      boolean goesOn = i < last && isStop(line.charAt(i + 1));
      boolean apart = i == last || c > 0xff || WhiteSpace.is(line.charAt(i + 1));
      sentences += ends && apart && !goesOn ? 1 : 0;
    }
    return sentences;
  }

  private static boolean isStop(char c) {
    return STOPS.indexOf(c) >= 0 || QUOTES.indexOf(c) >= 0;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
