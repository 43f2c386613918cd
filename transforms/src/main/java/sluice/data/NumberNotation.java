package sluice.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How numbers are written: a decimal, with or without a power of ten, or a word for what is no
 * number or not finite. {@code NaN}, {@code inf} and {@code infinity} are such words in any case;
 * the spellings of programming languages, as in {@code 1d} or {@code 0x1p3}, are none.
 *
 * @param decimal stands before the fraction
 * @param thousands stands between groups of exactly three digits before the fraction, in none or
 *     all of them; null where nothing may. A blank is also the no-break, the narrow no-break and
 *     the thin space, and {@code '} is also the typographic apostrophe
 * @param words other words for numbers that are not finite
 */
public record NumberNotation(char decimal, @Nullable Character thousands, Map<String, Double> words)
    implements Serializable {
  private static final String BLANKS = " \u00A0\u202F\u2009";
  private static final String APOSTROPHES = "'\u2019";

  /** Digits of a power of ten; more than any number needs. */
  private static final int EXPONENT_DIGITS = 9;

  /** So many digits are a long for certain. */
  private static final int LONG_DIGITS = 18;

  /** A decimal point, and nothing between thousands. */
  public static final NumberNotation STANDARD = new NumberNotation('.', null, Map.of());

  public NumberNotation {
    words = Map.copyOf(words);
    List<String> problems = new ArrayList<>();
    if (!separates(decimal) || decimal == ' ') {
      problems.add("decimal must be a sign that stands in no number, got \"" + decimal + "\"");
    }
    if (thousands != null && (!separates(thousands) || thousands == decimal)) {
      problems.add(
          "thousands must be a sign that stands in no number and is not decimal, got \""
              + thousands
              + "\"");
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  private static boolean separates(char sign) {
    return !Character.isLetterOrDigit(sign) && sign != '+' && sign != '-';
  }

  /** The real number of a text, or null if it is none, or is out of range. */
  @Nullable Double ofDouble(String text) {
    Double word = word(text);
    String decimalText = word == null ? plain(text) : null;
    return decimalText == null ? word : finite(Double.valueOf(decimalText));
  }

  /** The same in single precision. */
  @Nullable Float ofFloat(String text) {
    Double word = word(text);
    if (word != null) {
      return word.floatValue();
    }
    String decimalText = plain(text);
    return decimalText == null ? null : finite(Float.valueOf(decimalText));
  }

  /** The whole number of a text, which may have a fraction of zeros, or null if it is none. */
  @Nullable Long ofLong(String text) {
    String decimalText = plain(text);
    if (decimalText == null) {
      return null;
    }
    int from = decimalText.charAt(0) == '-' || decimalText.charAt(0) == '+' ? 1 : 0;
    if (decimalText.length() - from <= LONG_DIGITS
        && digits(decimalText, from) == decimalText.length()) {
      return Long.valueOf(decimalText);
    }
    try {
      return new BigDecimal(decimalText).longValueExact();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private @Nullable Double word(String text) {
    Double word = words.get(text);
    if (word != null || text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1))) {
      return word;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /** The number with a decimal point and without what stands between thousands, or null. */
  private @Nullable String plain(String text) {
    String plain = decimal == '.' && thousands == null ? text : converted(text);
    return plain != null && isDecimal(plain) ? plain : null;
  }

  private @Nullable String converted(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    if (!text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-')) {
      plain.append(text.charAt(at++));
    }
    int group = 0;
    boolean grouped = false;
    for (; at < text.length() && !endsWhole(text.charAt(at)); at++) {
      if (isThousands(text.charAt(at))) {
        if (grouped ? group != 3 : group < 1 || group > 3) {
          return null;
        }
        grouped = true;
        group = 0;
      } else if (text.charAt(at) == '.') {
        return null;
      } else {
        plain.append(text.charAt(at));
        group++;
      }
    }
    if (grouped && group != 3) {
      return null;
    }
    if (at < text.length() && text.charAt(at) == decimal) {
      plain.append('.');
      at++;
    }
    return plain.append(text, at, text.length()).toString();
  }

  private boolean endsWhole(char sign) {
    return sign == decimal || sign == 'e' || sign == 'E';
  }

  private boolean isThousands(char sign) {
    if (thousands == null) {
      return false;
    }
    return switch (thousands) {
      case ' ' -> BLANKS.indexOf(sign) >= 0;
      case '\'' -> APOSTROPHES.indexOf(sign) >= 0;
      default -> sign == thousands;
    };
  }

  /** Whether a text is {@code [+-]?(digits[.digits] | .digits)([eE][+-]?digits)?}. */
  private static boolean isDecimal(String text) {
    int length = text.length();
    int at = signed(text, 0);
    int whole = digits(text, at) - at;
    at += whole;
    int fraction = 0;
    if (at < length && text.charAt(at) == '.') {
      fraction = digits(text, at + 1) - at - 1;
      at += 1 + fraction;
    }
    if (whole + fraction == 0) {
      return false;
    }
    if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int from = signed(text, at + 1);
      at = digits(text, from);
      if (at == from || at - from > EXPONENT_DIGITS) {
        return false;
      }
    }
    return at == length;
  }

  private static int signed(String text, int at) {
    return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? at + 1 : at;
  }

  /** Where the digits that begin here end. */
  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static <T extends Number> @Nullable T finite(T value) {
    return Double.isInfinite(value.doubleValue()) ? null : value;
  }
}
