package sluice.training.examples;

/** Seeds derived from seeds: the same whatever runs where and when. */
public final class Seeds {
  private Seeds() {}

  /**
   * A seed for the place that the numbers name; never zero, which Deeplearning4j takes for none.
   */
  public static long of(long seed, long first, long second) {
    long mixed = mix(mix(mix(seed) + first) + second);
    return mixed == 0 ? 1 : mixed;
  }

  /** The finaliser of SplitMix64: Steele, Lea and Flood 2014. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
