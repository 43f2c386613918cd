package sluice.clean.text;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sluice.data.Decimal;
import sluice.data.InvalidInput;

/**
 * Rejects a row whose text is in none of some languages, or is not surely in one of them; a missing
 * text is kept. Which language it is, {@link LanguageDetector} tells, and how much likelier that is
 * than the second. The less text, the less sure: of a word or two any language may come out, hardly
 * above 0.5; a text without a letter is in no language.
 *
 * @param column a column of strings
 * @param keep languages by the codes of ISO 639-1 or 639-3, as in {@code en} or {@code eng}, at
 *     least one
 * @param atLeast the least confidence, from 0 to 1, with which a text is kept; with 0.5 or less any
 */
public record RejectLanguage(String column, List<String> keep, double atLeast, At at)
    implements ColumnJudgement {
  public RejectLanguage {
    keep = List.copyOf(keep);
    List<String> problems = new ArrayList<>();
    if (keep.isEmpty()) {
      problems.add("keep must not be empty");
    }
    List<String> unknown = keep.stream().filter(code -> Languages.codes(code).isEmpty()).toList();
    if (!unknown.isEmpty()) {
      problems.add(
          "keep must name languages that are told apart, got %s; there are %s"
              .formatted(String.join(", ", unknown), String.join(", ", Languages.ALL)));
    }
    if (!(atLeast >= 0 && atLeast <= 1)) {
      problems.add("at-least must be between 0 and 1, got " + Decimal.text(atLeast));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  @Override
  public @Nullable String problem(String text) {
    Set<String> kept = new LinkedHashSet<>();
    keep.forEach(code -> kept.addAll(Languages.codes(code)));
    Optional<LanguageDetector.Guess> guess = LanguageDetector.guess(text);
    if (guess.isEmpty()) {
      return "has no letters that tell a language, must be " + wanted(kept);
    }
    String language = guess.get().language();
    double confidence = guess.get().confidence();
    return kept.contains(language) && confidence >= atLeast
        ? null
        : "is %s with a confidence of %s, must be %s"
            .formatted(language, Decimal.rounded(confidence), wanted(kept));
  }

  private String wanted(Set<String> kept) {
    return "%s with at least %s"
        .formatted(
            new TreeSet<>(kept).stream().collect(Collectors.joining(" or ")),
            Decimal.text(atLeast));
  }
}
