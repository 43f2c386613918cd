package sluice.augment;

import sluice.data.SplitMix64;

/**
 * A fixed stream of random numbers for a seed, on every platform and version of Java: SplitMix64
 * (G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", 2014)
 * with the increment 0x9e3779b97f4a7c15. Not thread-safe.
 */
public final class SeededRandom {
  private long state;

  public SeededRandom(long seed) {
    state = seed;
  }

  long nextLong() {
    state += 0x9e3779b97f4a7c15L;
    return SplitMix64.mixed(state);
  }

  /** Uniform in [0, 1), in steps of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform below a bound that is above 0; off by less than bound / 2^53. */
  public int nextInt(int bound) {
    return (int) (nextDouble() * bound);
  }

  /**
   * Standard normal (G. E. P. Box and M. E. Muller, "A note on the generation of random normal
   * deviates", 1958), the cosine of each pair.
   */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }
}
