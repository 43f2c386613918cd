package sluice.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers in messages, as people write them: 1 for 1.0, 0.0001 for 1.0E-4, 0.3 for 0.1 + 0.2. */
public final class Decimal {
  /** More digits than anybody says; what lies behind them is the error of binary fractions. */
  private static final MathContext DIGITS = new MathContext(12, RoundingMode.HALF_EVEN);

  private static final double SMALLEST = 1e-9;
  private static final double LARGEST = 1e15;

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
}
