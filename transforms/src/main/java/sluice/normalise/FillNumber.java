package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * Puts a number where one is missing.
 *
 * @param number the number, finite
 */
record FillNumber(double number) implements FittedStep {
  private static final long serialVersionUID = 1L;

  FillNumber {
    if (!Double.isFinite(number)) {
      throw InvalidInput.data("fill-number: the number must be finite, got " + number);
    }
  }

  @Override
  public Kind gives() {
    return Kind.NUMBER;
  }

  @Override
  public Object value(@Nullable Object input) {
    return input == null ? (Object) number : input;
  }

  @Override
  public String sql(String input) {
    return "coalesce(%s, %s)".formatted(input, Sql.literal(number));
  }
}
