package sluice.normalise;

import sluice.data.InvalidInput;

/**
 * Moves outliers to Tukey's fences: {@code factor} times the interquartile range below the first
 * and above the third quartile of the train rows (J. W. Tukey, "Exploratory Data Analysis", 1977).
 * Where the quartiles are equal there is no spread to measure by, and nothing is clipped.
 *
 * @param factor interquartile ranges beyond the quartiles, at least 0; by custom 1.5
 */
public record ClipIqr(double factor) implements NumberStep {
  private static final long serialVersionUID = 1L;

  public ClipIqr {
    if (!(factor >= 0 && Double.isFinite(factor))) {
      throw InvalidInput.configuration(
          "clip-iqr: factor must be finite and at least 0, got " + factor);
    }
  }

  @Override
  public Fit fit(Kind input) {
    return new QuantileFit((quartiles, where) -> fences(quartiles[0], quartiles[1]), 0.25, 0.75);
  }

  private Clip fences(double first, double third) {
    if (first == third) {
      return new Clip(-Double.MAX_VALUE, Double.MAX_VALUE);
    }
    double distance = factor * (third - first);
    return new Clip(
        Math.max(first - distance, -Double.MAX_VALUE),
        Math.min(third + distance, Double.MAX_VALUE));
  }
}
