package sluice.normalise;

import sluice.data.InvalidInput;

/**
 * Moves values outside two quantiles of the train rows to them; see {@link QuantileFit}.
 *
 * @param low the lower quantile, from 0; 0.01 by default
 * @param high the upper quantile, above the lower one, to 1; 0.99 by default
 */
public record ClipQuantiles(double low, double high) implements NumberStep {
  private static final long serialVersionUID = 1L;

  public ClipQuantiles {
    if (!(0 <= low && low < high && high <= 1)) {
      throw InvalidInput.configuration(
          "clip-quantiles: low and high must be in order and from 0 to 1, got %s and %s"
              .formatted(low, high));
    }
  }

  @Override
  public Fit fit(Kind input) {
    return new QuantileFit((quantiles, where) -> new Clip(quantiles[0], quantiles[1]), low, high);
  }
}
