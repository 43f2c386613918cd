package sluice.training.examples;

import sluice.data.SplitMix64;

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

  private static long mix(long value) {
    return SplitMix64.mixed(value + 0x9E3779B97F4A7C15L);
  }
}
