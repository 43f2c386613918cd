package sluice.normalise;

import org.jspecify.annotations.Nullable;

/**
 * The natural logarithm of 1 + x. A value of -1 or below has none and becomes missing: clip before,
 * or impute after. It learns nothing.
 */
public record Log1p() implements NumberStep, FittedStep {
  private static final long serialVersionUID = 1L;

  @Override
  public Fit fit(Kind input) {
    return new NoFit(this);
  }

  @Override
  public Kind gives() {
    return Kind.NUMBER;
  }

  @Override
  public @Nullable Double value(@Nullable Object input) {
    return input == null || (Double) input <= -1 ? null : StrictMath.log1p((Double) input);
  }

  @Override
  public String sql(String input) {
    return "log1p(" + input + ")";
  }

  @Override
  public String refusal(Object input) {
    return "log1p needs a value above -1";
  }
}
