package sluice.evaluation.metric;

import sluice.data.SplitMix64;

/**
 * The weights of a bootstrap resample: how often each row is drawn, Poisson(1) each (Chamandy et
 * al., "Estimating uncertainty for massive data streams", 2012). A weight is a function of seed,
 * resample and key, so that it does not depend on which other rows there are, and two models are
 * resampled alike.
 */
public final class PoissonWeights {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** The probabilities of at most 0, 1, 2... draws, times 2^53. */
  private static final long[] CUMULATIVE = cumulative();

  private PoissonWeights() {}

  private static long[] cumulative() {
    long[] cumulative = new long[19];
    double probability = 1 / StrictMath.E;
    double sum = 0;
    for (int k = 0; k < cumulative.length; k++) {
      sum += probability;
      cumulative[k] = (long) (sum * 0x1p53);
      probability /= k + 1;
    }
    cumulative[cumulative.length - 1] = Long.MAX_VALUE;
    return cumulative;
  }

  /** The weights of every row in one resample. */
  public static byte[] draw(Predictions predictions, long seed, int resample) {
    long salt = SplitMix64.mixed(SplitMix64.mixed(seed) + GOLDEN * (resample + 1L));
    byte[] weights = new byte[predictions.rows()];
    for (int row = 0; row < weights.length; row++) {
      long uniform = SplitMix64.mixed(predictions.keyHash(row) ^ salt) >>> 11;
      byte weight = 0;
      while (uniform >= CUMULATIVE[weight]) {
        weight++;
      }
      weights[row] = weight;
    }
    return weights;
  }
}
