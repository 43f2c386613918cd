package sluice.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Numbers as the page shows them: four significant figures, thousands separators, a true minus
 * sign. The integer part is never rounded away: 1,234,567.8 becomes 1,234,568.
 */
public final class Numbers {
  private static final int FIGURES = 4;
  private static final char MINUS = '\u2212';

  private Numbers() {}

  /** A count. */
  public static String count(long count) {
    return signed(String.format(Locale.ROOT, "%,d", count));
  }

  /** A result such as a metric: always four significant figures, so that columns line up. */
  public static String result(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : MINUS + "∞";
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size >= 1e15 || size < 1e-4) {
      return scientific(value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = exact.round(new MathContext(FIGURES, RoundingMode.HALF_UP));
    int decimals = Math.max(0, FIGURES - (rounded.precision() - rounded.scale()));
    return signed(String.format(Locale.ROOT, "%,." + decimals + "f", exact));
  }

  /** A value of the data: as {@link #result}, but whole numbers stay whole. */
  static String value(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? count((long) value)
        : result(value);
  }

  /** A share of a whole as a percentage; never rounded to 0 % or 100 % when it is not. */
  public static String percent(double share) {
    if (!Double.isFinite(share)) {
      return "n/a";
    }
    if (share > 0 && share < 0.0005) {
      return "<0.1 %";
    }
    if (share < 1 && share >= 0.9995) {
      return ">99.9 %";
    }
    return signed(String.format(Locale.ROOT, "%.1f %%", 100 * share));
  }

  /** An interval; the unit or level belongs to the text around it. */
  public static String interval(double low, double high) {
    return result(low) + (low < 0 ? " to " : "\u2013") + result(high);
  }

  private static String scientific(double value) {
    String[] parts = String.format(Locale.ROOT, "%.3e", value).split("e", -1);
    return signed(parts[0] + " × 10" + superscript(Integer.parseInt(parts[1])));
  }

  private static String superscript(int exponent) {
    StringBuilder raised = new StringBuilder();
    for (char digit : Integer.toString(exponent).toCharArray()) {
      raised.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
    }
    return raised.toString();
  }

  private static String signed(String text) {
    return text.replace('-', MINUS);
  }
}
