package sluice.training;

import java.io.Serializable;
import sluice.statistics.ExactSum;

/**
 * By how much the losses of the same examples fell from one network to another; the same to the bit
 * in whatever order it is merged.
 */
final class LossFall implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum falls = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private long count;

  /** Adds an example by its losses, which must be finite. */
  void add(double before, double after) {
    double fall = before - after;
    falls.add(fall);
    squares.add(fall * fall);
    count++;
  }

  LossFall merge(LossFall other) {
    falls.merge(other.falls);
    squares.merge(other.squares);
    count += other.count;
    return this;
  }

  /** Between the validations of two epochs. */
  Convergence convergence(int from, int to) {
    return Convergence.of(from, to, count, falls.value(), squares.value());
  }
}
