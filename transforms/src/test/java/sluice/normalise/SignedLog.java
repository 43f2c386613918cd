package sluice.normalise;

import org.jspecify.annotations.Nullable;

/**
 * The step that {@code transforms/README.md} adds. It learns nothing, and is its own fitted step.
 */
public record SignedLog() implements NumberStep, FittedStep {
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
    return input instanceof Double x ? Math.signum(x) * StrictMath.log1p(Math.abs(x)) : null;
  }

  @Override
  public String sql(String input) {
    return "signum(%s) * log1p(abs(%s))".formatted(input, input);
  }
}
