package sluice.quality;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a text looks like that becomes a series of tokens.
 *
 * @param column the raw column
 * @param series the feature group
 * @param vocabulary how many different tokens have an index of their own
 * @param mostSteps how many tokens the network reads at most; null if it reads all
 * @param parts those that have rows, in the order train, validation, test
 */
public record TextProfile(
    String column,
    String series,
    int vocabulary,
    @Nullable Integer mostSteps,
    List<PartTexts> parts) {
  public TextProfile {
    parts = List.copyOf(parts);
  }

  /**
   * The texts of a part.
   *
   * @param part its name
   * @param rows how many rows it has
   * @param empty how many texts have no character
   * @param characters the lengths of the texts in code points
   * @param tokens their lengths in tokens; in known n-grams, each once, where these are weighted
   * @param allTokens the tokens of all texts
   * @param unknown how many of them are not known; null where each has an index of its own
   * @param cut how many texts have more tokens than are read, or as many as their step keeps at
   *     most
   * @param judged what some of the texts are
   */
  public record PartTexts(
      String part,
      long rows,
      long empty,
      Lengths characters,
      Lengths tokens,
      long allTokens,
      @Nullable Long unknown,
      long cut,
      Judged judged) {}

  /**
   * The languages of texts, and what heuristics that clean corpora say of them.
   *
   * @param texts how many were looked at
   * @param languages by {@link sluice.clean.text.TextLanguage}, of how many
   * @param againstC4 by the heuristic that speaks against them first, how many C4 would reject
   * @param againstGopher the same of Gopher's
   */
  public record Judged(
      long texts,
      Map<String, Long> languages,
      Map<String, Long> againstC4,
      Map<String, Long> againstGopher) {
    public Judged {
      languages = Map.copyOf(languages);
      againstC4 = Map.copyOf(againstC4);
      againstGopher = Map.copyOf(againstGopher);
    }
  }

  /**
   * Exact order statistics of lengths; 0 without a text.
   *
   * @param median the least length that half of the texts do not exceed
   * @param high the least length that 95 % of the texts do not exceed
   * @param most the greatest length
   */
  public record Lengths(long median, long high, long most) {}
}
