package sluice.clean.text;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.data.Require;

/**
 * Bounds on what a text says more than once (Rae et al. 2021, table A1). What is there again
 * counts, not what is there first; a character within several n-grams counts once. The top n-gram
 * is the most frequent of those that are there more than once, and of equally frequent ones the
 * longest.
 *
 * @param linesAtMost the greatest share of lines that are there again
 * @param paragraphsAtMost the greatest share of paragraphs, between which blank lines stand
 * @param lineCharactersAtMost the greatest share of characters in lines that are there again
 * @param paragraphCharactersAtMost the greatest share of characters in such paragraphs
 * @param topNgramsAtMost the greatest shares of characters in the top n-gram, for 2, 3 and 4 words
 * @param duplicateNgramsAtMost the greatest shares of characters in n-grams that are there again,
 *     for 5 to 10 words
 */
public record Repetition(
    double linesAtMost,
    double paragraphsAtMost,
    double lineCharactersAtMost,
    double paragraphCharactersAtMost,
    List<Double> topNgramsAtMost,
    List<Double> duplicateNgramsAtMost)
    implements Serializable {
  private static final int FIRST_TOP = 2;
  private static final int TOPS = 3;
  private static final int FIRST_DUPLICATE = 5;
  private static final int DUPLICATES = 6;

  public Repetition {
    topNgramsAtMost = List.copyOf(topNgramsAtMost);
    duplicateNgramsAtMost = List.copyOf(duplicateNgramsAtMost);
    Require require =
        new Require()
            .within("lines-at-most", linesAtMost, 0, 1)
            .within("paragraphs-at-most", paragraphsAtMost, 0, 1)
            .within("line-characters-at-most", lineCharactersAtMost, 0, 1)
            .within("paragraph-characters-at-most", paragraphCharactersAtMost, 0, 1);
    requireShares(require, "top-ngrams-at-most", topNgramsAtMost, TOPS);
    requireShares(require, "duplicate-ngrams-at-most", duplicateNgramsAtMost, DUPLICATES);
    require.hold();
  }

  private static void requireShares(Require require, String name, List<Double> shares, int size) {
    require.that(
        shares.size() == size,
        "%s must have %s numbers, got %s".formatted(name, size, shares.size()));
    for (int i = 0; i < shares.size(); i++) {
      require.within(name + "[" + i + "]", shares.get(i), 0, 1);
    }
  }

  /**
   * The first bound that does not hold.
   *
   * @param words the words of the text, at least one
   */
  Optional<Violation> violation(String text, List<String> words) {
    double characters = SpacedWords.characters(words);
    List<String> lines = lines(text);
    List<String> paragraphs = paragraphs(text);
    List<String> linesAgain = again(lines);
    List<String> paragraphsAgain = again(paragraphs);
    return of("share of duplicate lines", (double) linesAgain.size() / lines.size())
        .atMost(linesAtMost)
        .or(
            () ->
                of(
                        "share of duplicate paragraphs",
                        (double) paragraphsAgain.size() / paragraphs.size())
                    .atMost(paragraphsAtMost))
        .or(
            () ->
                of(
                        "share of characters in duplicate lines",
                        SpacedWords.characters(linesAgain) / characters)
                    .atMost(lineCharactersAtMost))
        .or(
            () ->
                of(
                        "share of characters in duplicate paragraphs",
                        SpacedWords.characters(paragraphsAgain) / characters)
                    .atMost(paragraphCharactersAtMost))
        .or(() -> ofNgrams(words, characters));
  }

  private Optional<Violation> ofNgrams(List<String> words, double characters) {
    int[] lengths =
        words.stream().mapToInt(word -> SpacedWords.characters(List.of(word))).toArray();
    int[] single = numbered(words);
    int[] ngrams = single;
    Optional<Violation> found = Optional.empty();
    int longest = Math.min(words.size(), FIRST_DUPLICATE + DUPLICATES - 1);
    for (int n = FIRST_TOP; n <= longest && found.isEmpty(); n++) {
      ngrams = longer(ngrams, single, n);
      if (n < FIRST_TOP + TOPS) {
        found =
            of(
                    "share of characters in the top %s-gram".formatted(n),
                    ofTop(ngrams, n, lengths) / characters)
                .atMost(topNgramsAtMost.get(n - FIRST_TOP));
      } else if (n >= FIRST_DUPLICATE) {
        found =
            of(
                    "share of characters in duplicate %s-grams".formatted(n),
                    ofAgain(ngrams, n, lengths) / characters)
                .atMost(duplicateNgramsAtMost.get(n - FIRST_DUPLICATE));
      }
    }
    return found;
  }

  /** Equal words have equal numbers, from 0. */
  private static int[] numbered(List<String> words) {
    Map<String, Integer> numbers = new HashMap<>();
    return words.stream()
        .mapToInt(
            word -> {
              int next = numbers.size();
              return numbers.computeIfAbsent(word, key -> next);
            })
        .toArray();
  }

  /** The numbers of n-grams, from those of the n-grams that are a word shorter. */
  private static int[] longer(int[] shorter, int[] single, int n) {
    Map<Long, Integer> numbers = new HashMap<>();
    int[] longer = new int[single.length - n + 1];
    for (int i = 0; i < longer.length; i++) {
      int next = numbers.size();
      longer[i] =
          numbers.computeIfAbsent(
              ((long) shorter[i] << Integer.SIZE) | single[i + n - 1], key -> next);
    }
    return longer;
  }

  /** The characters within the occurrences of the most frequent n-gram. */
  private static int ofTop(int[] ngrams, int n, int[] lengths) {
    int[] counts = new int[ngrams.length];
    int[] characters = new int[ngrams.length];
    for (int i = 0; i < ngrams.length; i++) {
      counts[ngrams[i]]++;
      characters[ngrams[i]] = Arrays.stream(lengths, i, i + n).sum();
    }
    int top = 0;
    for (int i = 1; i < counts.length; i++) {
      boolean more =
          counts[i] > counts[top] || (counts[i] == counts[top] && characters[i] > characters[top]);
      top = more ? i : top;
    }
    boolean[] within = new boolean[lengths.length];
    for (int i = 0; i < ngrams.length; i++) {
      if (ngrams[i] == top && counts[top] > 1) {
        Arrays.fill(within, i, i + n, true);
      }
    }
    return sum(lengths, within);
  }

  /** The characters within n-grams that are there again. */
  private static int ofAgain(int[] ngrams, int n, int[] lengths) {
    boolean[] seen = new boolean[ngrams.length];
    boolean[] within = new boolean[lengths.length];
    for (int i = 0; i < ngrams.length; i++) {
      if (seen[ngrams[i]]) {
        Arrays.fill(within, i, i + n, true);
      }
      seen[ngrams[i]] = true;
    }
    return sum(lengths, within);
  }

  private static int sum(int[] lengths, boolean[] within) {
    int sum = 0;
    for (int i = 0; i < lengths.length; i++) {
      sum += within[i] ? lengths[i] : 0;
    }
    return sum;
  }

  /** What equals one before it. */
  private static List<String> again(List<String> parts) {
    Set<String> seen = new HashSet<>();
    return parts.stream().filter(part -> !seen.add(part)).toList();
  }

  /** The lines of a text that have anything but white space, without the white space around it. */
  static List<String> lines(String text) {
    return WhiteSpace.lines(text).stream()
        .map(WhiteSpace::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static List<String> paragraphs(String text) {
    List<String> paragraphs = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    for (String line : WhiteSpace.lines(text)) {
      String stripped = WhiteSpace.strip(line);
      if (!stripped.isEmpty()) {
        paragraph.append(paragraph.isEmpty() ? "" : "\n").append(stripped);
      } else if (!paragraph.isEmpty()) {
        paragraphs.add(paragraph.toString());
        paragraph.setLength(0);
      }
    }
    if (!paragraph.isEmpty()) {
      paragraphs.add(paragraph.toString());
    }
    return paragraphs;
  }

  private static Heuristic of(String name, double value) {
    return new Heuristic(GopherQuality.SET, name, value);
  }
}
