package sluice.normalise;

import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * {@code (x - centre) / scale}, and 0 for every value of a column that was constant on the train
 * rows: what never varied there says nothing.
 *
 * @param centre what becomes 0
 * @param scale what becomes 1 from there; above 0, and 1 if constant
 * @param constant whether every train row had the same value
 */
record Scale(double centre, double scale, boolean constant) implements FittedStep {
  private static final long serialVersionUID = 1L;

  Scale {
    if (!(Double.isFinite(centre) && Double.isFinite(scale) && scale > 0)) {
      throw InvalidInput.data(
          "scale: centre must be finite and scale finite and above 0, got %s and %s"
              .formatted(centre, scale));
    }
  }

  static Scale constant(double centre) {
    return new Scale(centre, 1, true);
  }

  static Scale of(double centre, double scale) {
    return new Scale(centre, scale, false);
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
    double scaled = constant ? 0.0 : ((Double) input - centre) / scale;
    return Double.isFinite(scaled) ? scaled : null;
  }

  @Override
  public String sql(String input) {
    return constant
        ? "CASE WHEN %s IS NOT NULL THEN 0.0D END".formatted(input)
        : "(%s - %s) / %s".formatted(input, Sql.literal(centre), Sql.literal(scale));
  }

  @Override
  public String refusal(Object input) {
    return "too far from %s to be scaled by %s".formatted(centre, scale);
  }
}
