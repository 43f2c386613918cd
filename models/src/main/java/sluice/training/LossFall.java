package sluice.training;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
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
  private final double[] lossWeights;
  private final List<ConstantLoss> constants;
  private long count;

  /**
   * @param lossWeights what the loss of each target counts for
   * @param losses one a target
   */
  LossFall(List<Target> targets, double[] lossWeights, List<Loss> losses) {
    this.lossWeights = lossWeights.clone();
    this.constants =
        IntStream.range(0, targets.size())
            .mapToObj(t -> new ConstantLoss(targets.get(t), losses.get(t)))
            .toList();
  }

  /**
   * Adds an example by its losses over all targets, which must be finite.
   *
   * @param labels of each target, see {@link ConstantLoss#addAll}
   */
  void add(float[][] labels, double before, double after) {
    for (int t = 0; t < labels.length; t++) {
      constants.get(t).addAll(labels[t]);
    }
    double fall = before - after;
    falls.add(fall);
    squares.add(fall * fall);
    count++;
  }

  LossFall merge(LossFall other) {
    falls.merge(other.falls);
    squares.merge(other.squares);
    for (int t = 0; t < constants.size(); t++) {
      constants.get(t).merge(other.constants.get(t));
    }
    count += other.count;
    return this;
  }

  /** Between the validations of two epochs. */
  Convergence.Fall between(int from, int to) {
    double constant = 0;
    for (int t = 0; t < constants.size(); t++) {
      // Of a target without labels there is no loss.
      if (constants.get(t).count() > 0) {
        constant += lossWeights[t] * constants.get(t).value() * constants.get(t).count();
      }
    }
    return Convergence.Fall.of(from, to, count, falls.value(), squares.value(), constant / count);
  }
}
