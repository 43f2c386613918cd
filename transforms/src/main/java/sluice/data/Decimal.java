package sluice.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers in messages. Settings as people write them: 1 for 1.0, 0.0001 for 1.0E-4, 0.3 for 0.1 +
 * 0.2. Results with the digits that tell them apart.
 */
public final class Decimal {
  /** More digits than anybody says; what lies behind them is the error of binary fractions. */
  private static final MathContext DIGITS = new MathContext(12, RoundingMode.HALF_EVEN);

  private static final double SMALLEST = 1e-9;
  private static final double LARGEST = 1e15;

  /** Smaller results would have fewer than two digits of four behind the point. */
  private static final double FOUR_DIGITS_TELL = 1e-3;

  private static final double LEAST_IN_FULL = 1e-6;
  private static final MathContext SIGNIFICANT = new MathContext(4, RoundingMode.HALF_EVEN);

  private Decimal() {}

  /**
   * A number with at most twelve significant digits and no exponent, unless it is so small or so
   * large that nobody would read the zeros.
   */
  public static String text(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    return size >= SMALLEST && size < LARGEST
        ? BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }

  /**
   * A result: four digits behind the point, fewer of what is 10 and more, and four significant ones
   * of what is below 0.001. Nothing but 0 looks like 0, whatever unit it is in.
   */
  public static String rounded(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0.0000";
    }
    if (size >= FOUR_DIGITS_TELL && size < LARGEST) {
      int digits = size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1;
      return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
    return size >= LEAST_IN_FULL && size < FOUR_DIGITS_TELL
        ? new BigDecimal(value).round(SIGNIFICANT).toPlainString()
        : String.format(Locale.ROOT, "%.3e", value);
  }

  /** A share of a whole in per cent, as a setting has it: 95 for 0.95. */
  public static String percent(double share) {
    return new BigDecimal(Double.toString(share))
        .movePointRight(2)
        .stripTrailingZeros()
        .toPlainString();
  }
}
