package sluice.training;

/**
 * How far the workers have come apart in a round, measured against how far they have come together:
 * the weighted mean of the squared distances from their mean, over the square of the mean change.
 * The former is what dynamic averaging (Kamp et al. 2018, Efficient Decentralized Deep Learning by
 * Dynamic Model Averaging, section 3) keeps below a bound; the division makes it a number without a
 * unit. It is 0 when all agree and grows without bound the more of their movement cancels out.
 */
final class Divergence {
  private Divergence() {}

  /** The squared Euclidean distance of two arrays of equal length. */
  static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * The divergence of a round.
   *
   * @param meanSquaredDistance the weighted mean of the workers' squared distances from the start
   * @param squaredMeanChange the squared distance of their mean from the start
   */
  static double of(double meanSquaredDistance, double squaredMeanChange) {
    // The variance is the mean of the squares less the square of the mean; rounding may make it
    // negative where all agree.
    double variance = Math.max(0, meanSquaredDistance - squaredMeanChange);
    return variance == 0 ? 0 : variance / squaredMeanChange;
  }
}
