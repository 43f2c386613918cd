package sluice.statistics;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The exact sum of finite doubles: the same whatever the order of adding and merging. The "small
 * superaccumulator" of R. M. Neal, "Fast exact summation using small and large superaccumulators"
 * (2015): overlapping 64-bit chunks, 32 bits apart, of one long fixed-point number.
 *
 * <p>Not thread-safe.
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bits between two chunks. */
  private static final int STEP = 32;

  /** A double is a 53-bit integer times 2^(shift - 1074) with a shift of 0..2045. */
  private static final int CHUNKS = 2045 / STEP + 3;

  /** A chunk takes less than 2^32 each time, so carries may wait for 2^30 additions. */
  private static final int ADDITIONS_BEFORE_CARRY = 1 << 30;

  private static final long LOW = (1L << STEP) - 1;

  private final long[] chunks = new long[CHUNKS];
  private int pending;

  /**
   * Adds a finite value.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public void add(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("cannot sum " + value);
    }
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    long mantissa = bits & ((1L << 52) - 1);
    int shift = 0;
    if (exponent != 0) {
      mantissa |= 1L << 52;
      shift = exponent - 1;
    }
    int chunk = shift / STEP;
    int offset = shift % STEP;
    // 53 bits moved up by at most 31 spread over three chunks.
    long low = (mantissa << offset) & LOW;
    long middle = (mantissa >>> (STEP - offset)) & LOW;
    long high = offset == 0 ? mantissa >>> (2 * STEP - 1) >>> 1 : mantissa >>> (2 * STEP - offset);
    if (bits < 0) {
      low = -low;
      middle = -middle;
      high = -high;
    }
    chunks[chunk] += low;
    chunks[chunk + 1] += middle;
    chunks[chunk + 2] += high;
    if (++pending >= ADDITIONS_BEFORE_CARRY) {
      carry();
    }
  }

  /** Adds the exact product of two finite values, as a rounded product and its error. */
  public void addProduct(double a, double b) {
    double product = a * b;
    add(product);
    add(Math.fma(a, b, -product));
  }

  /** Adds all that the other sum holds. */
  public void merge(ExactSum other) {
    carry();
    other.carry();
    for (int i = 0; i < CHUNKS; i++) {
      chunks[i] += other.chunks[i];
    }
    pending = 1;
  }

  /** The sum without rounding. */
  public BigDecimal exact() {
    carry();
    BigInteger whole = BigInteger.ZERO;
    for (int i = CHUNKS - 1; i >= 0; i--) {
      whole = whole.shiftLeft(STEP).add(BigInteger.valueOf(chunks[i]));
    }
    // whole * 2^-1074, exactly: divide by 2^1074 as a multiplication by 5^1074 and a scale.
    int trailing = whole.signum() == 0 ? 0 : Math.min(whole.getLowestSetBit(), 1074);
    int scale = 1074 - trailing;
    BigInteger reduced = whole.shiftRight(trailing);
    return new BigDecimal(reduced.multiply(BigInteger.valueOf(5).pow(scale)), scale);
  }

  /** The sum, rounded once to the nearest double. */
  public double value() {
    return exact().doubleValue();
  }

  private void carry() {
    for (int i = 0; i < CHUNKS - 1; i++) {
      long over = chunks[i] >> STEP;
      chunks[i] &= LOW;
      chunks[i + 1] += over;
    }
    pending = 0;
  }
}
