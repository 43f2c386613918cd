package sluice.statistics;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Count, mean and population standard deviation of finite doubles: exact sums of the values and of
 * their squares, rounded at the end, so that the order of adding and merging does not matter and
 * nothing cancels. Not thread-safe.
 */
public final class Moments implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * A square is exact as a rounded product and its error while neither overflows nor falls below
   * the least double; beyond these bounds values are squared after an exact scaling.
   */
  private static final double HUGE = 0x1p500;

  private static final double TINY = 0x1p-480;
  private static final int SCALING = 600;

  /** Far more digits than a double has; the quotient or root is then rounded to a double. */
  private static final MathContext DIGITS = new MathContext(60);

  private long count;
  private final ExactSum sum = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private final ExactSum hugeSquares = new ExactSum();
  private final ExactSum tinySquares = new ExactSum();

  /**
   * Adds a finite value.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  public void add(double value) {
    sum.add(value);
    count++;
    double size = Math.abs(value);
    if (size > HUGE) {
      double scaled = Math.scalb(value, -SCALING);
      hugeSquares.addProduct(scaled, scaled);
    } else if (size >= TINY) {
      squares.addProduct(value, value);
    } else if (size > 0) {
      double scaled = Math.scalb(value, SCALING);
      tinySquares.addProduct(scaled, scaled);
    }
  }

  /** Adds all that the other moments hold. */
  public void merge(Moments other) {
    count += other.count;
    sum.merge(other.sum);
    squares.merge(other.squares);
    hugeSquares.merge(other.hugeSquares);
    tinySquares.merge(other.tinySquares);
  }

  /** How many values there are. */
  public long count() {
    return count;
  }

  /**
   * The mean.
   *
   * @throws IllegalStateException if there is no value
   */
  public double mean() {
    requireValues();
    return sum.exact().divide(BigDecimal.valueOf(count), DIGITS).doubleValue();
  }

  /**
   * The population standard deviation (the divisor is the count); 0 if all values are equal.
   *
   * @throws IllegalStateException if there is no value
   */
  public double std() {
    requireValues();
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal scale = two.pow(2 * SCALING);
    BigDecimal sumOfSquares =
        squares
            .exact()
            .add(hugeSquares.exact().multiply(scale))
            // Divided by a power of two, which ends.
            .add(tinySquares.exact().divide(scale));
    BigDecimal total = sum.exact();
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal spread = n.multiply(sumOfSquares).subtract(total.multiply(total));
    return spread.round(DIGITS).sqrt(DIGITS).divide(n, DIGITS).doubleValue();
  }

  private void requireValues() {
    if (count == 0) {
      throw new IllegalStateException("moments of no value");
    }
  }
}
