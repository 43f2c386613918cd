package sluice.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules that a record of settings holds its components to, checked together in its compact
 * constructor:
 *
 * <pre>{@code
 * new Require()
 *     .atLeast("epochs", epochs, 1)
 *     .within("dropout", dropout, 0, 1)
 *     .hold();
 * }</pre>
 *
 * <p>A name is the configuration's key, and every message begins with it, so that the reader of a
 * configuration can set the file, the line and the path before it.
 */
public final class Require {
  private final List<String> problems = new ArrayList<>();

  /** A whole number with a least value. */
  public Require atLeast(String name, long value, long least) {
    return that(value >= least, "%s must be at least %s, got %s".formatted(name, least, value));
  }

  /** A number with a least value; NaN has none. */
  public Require atLeast(String name, double value, double least) {
    return that(
        value >= least,
        "%s must be at least %s, got %s".formatted(name, Decimal.text(least), Decimal.text(value)));
  }

  /** A number above a bound; NaN is not. */
  public Require above(String name, double value, double bound) {
    return that(
        value > bound,
        "%s must be above %s, got %s".formatted(name, Decimal.text(bound), Decimal.text(value)));
  }

  /** A number between two bounds, both of which it may have. */
  public Require within(String name, double value, double least, double most) {
    return that(
        value >= least && value <= most,
        "%s must be between %s and %s, got %s"
            .formatted(name, Decimal.text(least), Decimal.text(most), Decimal.text(value)));
  }

  /** A text with something to read in it. */
  public Require notBlank(String name, String value) {
    return that(!value.isBlank(), name + " must not be blank");
  }

  /** A list with something in it. */
  public Require notEmpty(String name, List<?> value) {
    return that(!value.isEmpty(), name + " must not be empty");
  }

  /**
   * Any other rule.
   *
   * @param problem what is said if the rule does not hold; begins with the name
   */
  public Require that(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws InvalidInput (configuration) with every rule that does not hold
   */
  public void hold() {
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }
}
