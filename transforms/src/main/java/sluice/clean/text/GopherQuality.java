package sluice.clean.text;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import sluice.data.Require;

/**
 * The heuristics of MassiveText, which Gopher learnt from (Rae et al. 2021, Scaling Language
 * Models, appendix A.1.1): those of quality, then those of repetition. The first that does not hold
 * is told.
 *
 * <p>Words are those of {@link SpacedWords}; characters are counted without white space, lines
 * without the blank ones. Of stop words, different ones are counted, in upper and lower case alike.
 *
 * @param words about words
 * @param lines about lines
 * @param repetition about what is there more than once
 */
public record GopherQuality(WordBounds words, LineBounds lines, Repetition repetition)
    implements TextQuality {
  /** With the thresholds of MassiveText, which are for English. */
  public static final GopherQuality OF_MASSIVE_TEXT =
      new GopherQuality(
          new WordBounds(
              50,
              100_000,
              3,
              10,
              0.1,
              0.8,
              List.of("the", "be", "to", "of", "and", "that", "have", "with"),
              2),
          new LineBounds(0.9, 0.3),
          new Repetition(
              0.3,
              0.3,
              0.2,
              0.2,
              List.of(0.2, 0.18, 0.16),
              List.of(0.15, 0.14, 0.13, 0.12, 0.11, 0.10)));

  static final String SET = "gopher";

  private static final String ELLIPSIS = "\u2026";
  private static final String DOTS = "...";
  private static final String BULLETS = "\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab";

  /** These begin a point only before a blank. */
  private static final String DASHES = "-*";

  /**
   * Bounds on words.
   *
   * @param atLeast the least words
   * @param atMost the most words
   * @param meanLengthAtLeast the least mean length of a word in characters
   * @param meanLengthAtMost the greatest mean length
   * @param symbolsAtMost the most hashes a word, and the most ellipses
   * @param alphabeticAtLeast the least share of words with a letter
   * @param stopWords words of which any prose has some
   * @param stopWordsAtLeast the least different ones of them
   */
  public record WordBounds(
      int atLeast,
      int atMost,
      double meanLengthAtLeast,
      double meanLengthAtMost,
      double symbolsAtMost,
      double alphabeticAtLeast,
      List<String> stopWords,
      int stopWordsAtLeast)
      implements Serializable {
    public WordBounds {
      stopWords = List.copyOf(stopWords);
      new Require()
          .atLeast("at-least", atLeast, 1)
          .atLeast("at-most", atMost, atLeast)
          .atLeast("mean-length-at-least", meanLengthAtLeast, 0)
          .atLeast("mean-length-at-most", meanLengthAtMost, meanLengthAtLeast)
          .atLeast("symbols-at-most", symbolsAtMost, 0)
          .within("alphabetic-at-least", alphabeticAtLeast, 0, 1)
          .within("stop-words-at-least", stopWordsAtLeast, 0, stopWords.size())
          .hold();
    }
  }

  /**
   * Bounds on lines.
   *
   * @param bulletsAtMost the greatest share of lines that begin with a bullet
   * @param ellipsesAtMost the greatest share of lines that end in an ellipsis
   */
  public record LineBounds(double bulletsAtMost, double ellipsesAtMost) implements Serializable {
    public LineBounds {
      new Require()
          .within("bullets-at-most", bulletsAtMost, 0, 1)
          .within("ellipses-at-most", ellipsesAtMost, 0, 1)
          .hold();
    }
  }

  @Override
  public Optional<Violation> violation(String text) {
    List<String> all = SpacedWords.of(text);
    int count = all.size();
    // Each further one is computed only if those before it hold: they bound what it costs.
    return of("word count", count)
        .atLeast(words.atLeast)
        .or(() -> of("word count", count).atMost(words.atMost))
        .or(() -> ofWords(text, all))
        .or(() -> ofLines(text))
        .or(() -> repetition.violation(text, all));
  }

  @Override
  public String kept(String text) {
    return text;
  }

  private Optional<Violation> ofWords(String text, List<String> all) {
    double count = all.size();
    Heuristic length = of("mean word length", SpacedWords.characters(all) / count);
    Heuristic hashes = of("hash-to-word ratio", Heuristic.occurrences(text, "#") / count);
    Heuristic ellipses =
        of(
            "ellipsis-to-word ratio",
            (Heuristic.occurrences(text, DOTS) + Heuristic.occurrences(text, ELLIPSIS)) / count);
    Heuristic alphabetic = of("share of alphabetic words", share(all, GopherQuality::hasLetter));
    return length
        .atLeast(words.meanLengthAtLeast)
        .or(() -> length.atMost(words.meanLengthAtMost))
        .or(() -> hashes.atMost(words.symbolsAtMost))
        .or(() -> ellipses.atMost(words.symbolsAtMost))
        .or(() -> alphabetic.atLeast(words.alphabeticAtLeast))
        .or(() -> of("stop word count", stopWords(all)).atLeast(words.stopWordsAtLeast));
  }

  private Optional<Violation> ofLines(String text) {
    List<String> written = Repetition.lines(text);
    return of("share of bullet lines", share(written, GopherQuality::isPoint))
        .atMost(lines.bulletsAtMost)
        .or(
            () ->
                of(
                        "share of ellipsis lines",
                        share(written, line -> line.endsWith(DOTS) || line.endsWith(ELLIPSIS)))
                    .atMost(lines.ellipsesAtMost));
  }

  private int stopWords(List<String> all) {
    Set<String> wanted = new HashSet<>();
    words.stopWords.forEach(word -> wanted.add(word.toLowerCase(Locale.ROOT)));
    Set<String> found = new HashSet<>();
    for (String word : all) {
      String bare = bare(word).toLowerCase(Locale.ROOT);
      if (wanted.contains(bare)) {
        found.add(bare);
      }
    }
    return found.size();
  }

  /** A word without the punctuation around it. */
  private static String bare(String word) {
    int from = 0;
    int to = word.length();
    while (from < to && !Character.isLetterOrDigit(word.codePointAt(from))) {
      from += Character.charCount(word.codePointAt(from));
    }
    while (from < to && !Character.isLetterOrDigit(word.codePointBefore(to))) {
      to -= Character.charCount(word.codePointBefore(to));
    }
    return word.substring(from, to);
  }

  private static boolean hasLetter(String word) {
    return word.codePoints().anyMatch(Character::isLetter);
  }

  private static boolean isPoint(String line) {
    char first = line.charAt(0);
    return BULLETS.indexOf(first) >= 0
        || (DASHES.indexOf(first) >= 0 && line.length() > 1 && WhiteSpace.is(line.charAt(1)));
  }

  private static double share(List<String> parts, Predicate<String> wanted) {
    return (double) parts.stream().filter(wanted).count() / parts.size();
  }

  private static Heuristic of(String name, double value) {
    return new Heuristic(SET, name, value);
  }
}
