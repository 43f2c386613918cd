package sluice.statistics;

/**
 * Quantiles of sorted numbers: linear interpolation between order statistics, type 7 of R. J.
 * Hyndman and Y. Fan, "Sample quantiles in statistical packages" (1996). The quantile p of n values
 * lies at (n - 1) p, counted from zero.
 */
public final class Quantiles {
  private Quantiles() {}

  /**
   * A quantile.
   *
   * @param rising at least one number
   * @param probability in 0..1
   */
  public static double of(double[] rising, double probability) {
    double place = probability * (rising.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, rising.length - 1);
    return between(rising[below], rising[above], place - below);
  }

  /**
   * What lies between two order statistics.
   *
   * @param share of the way from the lower to the higher, in 0..1
   */
  public static double between(double low, double high, double share) {
    double distance = high - low;
    // The distance of two huge values of opposite sign is infinite.
    return Double.isFinite(distance) ? low + share * distance : low * (1 - share) + high * share;
  }
}
