package sluice.clean.text;

import java.util.Optional;
import sluice.data.Decimal;

/**
 * A number that a heuristic of {@link TextQuality} takes of a text.
 *
 * @param set the heuristics it belongs to, as in {@code gopher}
 * @param name what it is, as in {@code word count}
 * @param value the number
 */
record Heuristic(String set, String name, double value) {

  /** What is wrong, if it is below a bound. */
  Optional<Violation> atLeast(double bound) {
    return value < bound ? Optional.of(violation("at least", bound)) : Optional.empty();
  }

  /** What is wrong, if it is above a bound. */
  Optional<Violation> atMost(double bound) {
    return value > bound ? Optional.of(violation("at most", bound)) : Optional.empty();
  }

  /** How often a text has a part, without overlaps. */
  static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private Violation violation(String side, double bound) {
    boolean whole = value == Math.rint(value);
    String held = "%s %s".formatted(side, Decimal.text(bound));
    return new Violation(
        "%s %s".formatted(name, held),
        "has %s %s, must be %s (%s)"
            .formatted(name, whole ? Decimal.text(value) : Decimal.rounded(value), held, set));
  }
}
