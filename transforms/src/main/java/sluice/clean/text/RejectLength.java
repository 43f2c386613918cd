package sluice.clean.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.clean.Rule;
import sluice.clean.Rules;
import sluice.data.InvalidInput;

/**
 * Rejects a row whose text is too short or too long; a missing one is kept.
 *
 * @param columns columns of strings, at least one
 * @param atLeast the least length that is kept; none if null
 * @param atMost the greatest length that is kept; none if null, but not both
 * @param unit what is counted
 */
public record RejectLength(
    List<String> columns, @Nullable Integer atLeast, @Nullable Integer atMost, Unit unit, At at)
    implements TextJudgement {
  public RejectLength {
    columns = List.copyOf(columns);
    List<String> problems = new ArrayList<>();
    if (columns.isEmpty()) {
      problems.add("columns must not be empty");
    }
    if (atLeast == null && atMost == null) {
      problems.add("at-least or at-most must be given");
    }
    if (atLeast != null && atLeast < 0) {
      problems.add("at-least must be at least 0, got " + atLeast);
    }
    if (atMost != null && atMost < 0) {
      problems.add("at-most must be at least 0, got " + atMost);
    }
    if (atLeast != null && atMost != null && atLeast > atMost) {
      problems.add("at-least must be at most at-most, got " + atLeast + " and " + atMost);
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** What is counted. */
  public enum Unit {
    /** Code points of Unicode. */
    CHARACTERS("character"),
    /** See {@link SpacedWords}. */
    WORDS("word");

    private final String one;

    Unit(String one) {
      this.one = one;
    }

    int of(String text) {
      return this == WORDS ? SpacedWords.of(text).size() : text.codePointCount(0, text.length());
    }

    String text(int number) {
      return number + " " + one + (number == 1 ? "" : "s");
    }
  }

  @Override
  public List<String> texts() {
    return columns;
  }

  @Override
  public Optional<Rule> without(String absent) {
    return Rules.<Rule>without(
        absent, columns, this, left -> new RejectLength(left, atLeast, atMost, unit, at));
  }

  @Override
  public @Nullable String problem(String text) {
    int length = unit.of(text);
    if (atLeast != null && length < atLeast) {
      return "has %s, must have at least %s".formatted(unit.text(length), atLeast);
    }
    return atMost != null && length > atMost
        ? "has %s, must have at most %s".formatted(unit.text(length), atMost)
        : null;
  }
}
