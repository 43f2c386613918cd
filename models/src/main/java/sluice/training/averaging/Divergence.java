package sluice.training.averaging;

/**
 * How far the workers have come apart in a round: the weighted mean of their squared distances from
 * their mean, which dynamic averaging (Kamp et al. 2018, Efficient Decentralized Deep Learning by
 * Dynamic Model Averaging, section 3) keeps below a bound, over the squared norm of the mean, which
 * makes it a number without a unit. It is 0 when all agree and grows with the length of the round.
 */
final class Divergence {
  private Divergence() {}

  /**
   * The divergence of a round.
   *
   * @param meanSquaredDistance the weighted mean of the workers' squared distances from the start
   * @param squaredDistance of their mean from the start
   */
  static double of(double meanSquaredDistance, double squaredDistance, float[] mean) {
    // The variance is the mean of the squares less the square of the mean; rounding may make it
    // negative where all agree.
    double variance = Math.max(0, meanSquaredDistance - squaredDistance);
    return variance == 0 ? 0 : variance / squaredNorm(mean);
  }

  private static double squaredNorm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }
}
