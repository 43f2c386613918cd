package sluice.training;

import java.io.Serializable;
import sluice.evaluation.metric.Tally;
import sluice.statistics.ExactSum;

/**
 * Losses and what metrics need of predictions on the validation part; the same to the bit in
 * whatever order it is merged.
 */
final class Validation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum losses = new ExactSum();
  private final Tally tally;
  private boolean finite = true;
  private long count;

  /**
   * @param tally empty; the caller adds the predictions to it
   */
  Validation(Tally tally) {
    this.tally = tally;
  }

  void add(double loss) {
    count++;
    if (Double.isFinite(loss)) {
      losses.add(loss);
    } else {
      finite = false;
    }
  }

  Validation merge(Validation other) {
    losses.merge(other.losses);
    tally.merge(other.tally);
    finite &= other.finite;
    count += other.count;
    return this;
  }

  double loss() {
    return finite ? losses.value() / count : Double.NaN;
  }

  Tally tally() {
    return tally;
  }
}
