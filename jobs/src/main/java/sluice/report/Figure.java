package sluice.report;

import org.jspecify.annotations.Nullable;

/**
 * A number with its interval, or the reason why there is none.
 *
 * @param value the number; null if it does not exist for these rows
 * @param low the interval's lower end; null without an interval
 * @param high the interval's upper end; null exactly when {@code low} is
 * @param whyAbsent why {@code value} is null, shown in a footnote; empty when it is not
 */
public record Figure(
    @Nullable Double value, @Nullable Double low, @Nullable Double high, String whyAbsent) {
  public Figure {
    for (Double number : new Double[] {value, low, high}) {
      if (number != null && !Double.isFinite(number)) {
        throw new IllegalArgumentException("a figure must be finite, got " + number);
      }
    }
    if ((value == null) == whyAbsent.isEmpty()) {
      throw new IllegalArgumentException(
          "a figure has a value or a reason for its absence, got %s and \"%s\""
              .formatted(value, whyAbsent));
    }
    if ((low == null) != (high == null) || (value == null && low != null)) {
      throw new IllegalArgumentException(
          "an interval has two ends and a value, got %s to %s around %s"
              .formatted(low, high, value));
    }
  }

  /** A number; one that is not finite becomes an absent figure that says so. */
  public static Figure of(double value) {
    return Double.isFinite(value)
        ? new Figure(value, null, null, "")
        : absent("the result is not a finite number (%s)".formatted(value));
  }

  /** A number with an interval; ends that are not finite leave the number alone. */
  public static Figure of(double value, double low, double high) {
    return Double.isFinite(value) && Double.isFinite(low) && Double.isFinite(high)
        ? new Figure(value, low, high, "")
        : of(value);
  }

  /** No number, and why. */
  public static Figure absent(String why) {
    return new Figure(null, null, null, why);
  }
}
