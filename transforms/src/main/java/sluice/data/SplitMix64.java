package sluice.data;

/**
 * The mixing function of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", 2014).
 */
public final class SplitMix64 {
  private SplitMix64() {}

  /** A bijection of 64 bits whose every output bit depends on every input bit. */
  public static long mixed(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
