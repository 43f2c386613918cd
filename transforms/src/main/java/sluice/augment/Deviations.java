package sluice.augment;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import sluice.statistics.ExactSum;

/**
 * The population standard deviation of each of several numbers, from exact sums: the same whatever
 * the order of adding and merging. Not thread-safe.
 */
final class Deviations implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final MathContext DIGITS = new MathContext(40);

  private final ExactSum[] sums;
  private final ExactSum[] squares;
  private long count;

  Deviations(int numbers) {
    sums = new ExactSum[numbers];
    squares = new ExactSum[numbers];
    for (int i = 0; i < numbers; i++) {
      sums[i] = new ExactSum();
      squares[i] = new ExactSum();
    }
  }

  void add(float[] values) {
    count++;
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(values[i]);
      // The square of a float is exact as a double.
      squares[i].add((double) values[i] * values[i]);
    }
  }

  void merge(Deviations other) {
    count += other.count;
    for (int i = 0; i < sums.length; i++) {
      sums[i].merge(other.sums[i]);
      squares[i].merge(other.squares[i]);
    }
  }

  /** The deviations; 0 of nothing. */
  double[] values() {
    BigDecimal n = BigDecimal.valueOf(Math.max(1, count));
    double[] deviations = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      BigDecimal sum = sums[i].exact();
      BigDecimal spread = n.multiply(squares[i].exact()).subtract(sum.multiply(sum));
      deviations[i] = Math.sqrt(spread.divide(n.multiply(n), DIGITS).doubleValue());
    }
    return deviations;
  }
}
