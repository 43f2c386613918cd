package example;

import org.jspecify.annotations.Nullable;
import sluice.data.Require;
import sluice.normalise.Fit;
import sluice.normalise.FittedStep;
import sluice.normalise.Kind;
import sluice.normalise.NoFit;
import sluice.normalise.NumberStep;

/** A step that another jar adds: a power of a number's size, with the number's sign. */
public record SignedPower(double exponent) implements NumberStep, FittedStep {
  private static final long serialVersionUID = 1L;

  public SignedPower {
    new Require().above("exponent", exponent, 0).hold();
  }

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
    if (!(input instanceof Double x)) {
      return null;
    }
    double power = Math.signum(x) * StrictMath.pow(Math.abs(x), exponent);
    return Double.isFinite(power) ? power : null;
  }

  @Override
  public String sql(String input) {
    return "signum(%s) * power(abs(%s), %sD)".formatted(input, input, exponent);
  }

  @Override
  public String refusal(Object input) {
    return "signed-power gives no finite number";
  }
}
