package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * Moves a number outside a range to its nearer end.
 *
 * @param low the least value handed on
 * @param high the greatest value handed on
 */
record Clip(double low, double high) implements FittedStep {
  private static final long serialVersionUID = 1L;

  Clip {
    if (!(low <= high && Double.isFinite(low) && Double.isFinite(high))) {
      throw InvalidInput.data(
          "clip: low and high must be finite and in order, got %s and %s".formatted(low, high));
    }
  }

  @Override
  public Kind gives() {
    return Kind.NUMBER;
  }

  @Override
  public @Nullable Double value(@Nullable Object input) {
    if (input == null) {
      return null;
    }
    double x = (Double) input;
    return x < low ? low : x > high ? high : x;
  }

  @Override
  public String sql(String input) {
    String low = Sql.literal(this.low);
    String high = Sql.literal(this.high);
    return "CASE WHEN %1$s < %2$s THEN %2$s WHEN %1$s > %3$s THEN %3$s ELSE %1$s END"
        .formatted(input, low, high);
  }
}
