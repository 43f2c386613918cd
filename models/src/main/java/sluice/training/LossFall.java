package sluice.training;

import java.io.Serializable;
import sluice.network.Target;
import sluice.network.spec.Loss;
import sluice.statistics.ExactSum;

/**
 * By how much the losses of the same examples fell from one network to another; the same to the bit
 * in whatever order it is merged.
 */
final class LossFall implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum falls = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private final ConstantLoss constant;
  private long count;

  LossFall(Target target, Loss loss) {
    this.constant = new ConstantLoss(target, loss);
  }

  /** Adds an example by its label and its losses, which must be finite. */
  void add(float label, double before, double after) {
    constant.add(label);
    double fall = before - after;
    falls.add(fall);
    squares.add(fall * fall);
    count++;
  }

  LossFall merge(LossFall other) {
    falls.merge(other.falls);
    squares.merge(other.squares);
    constant.merge(other.constant);
    count += other.count;
    return this;
  }

  /** Between the validations of two epochs. */
  Convergence.Fall between(int from, int to) {
    return Convergence.Fall.of(from, to, count, falls.value(), squares.value(), constant.value());
  }
}
