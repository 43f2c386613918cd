package sluice.training;

import java.io.Serializable;
import java.util.List;
import sluice.evaluation.metric.Tally;
import sluice.statistics.ExactSum;

/**
 * Losses and what metrics need of predictions on the validation part; the same to the bit in
 * whatever order it is merged.
 */
final class Validation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum losses = new ExactSum();
  private final List<Tally> tallies;
  private boolean finite = true;
  private long count;

  /**
   * @param tallies empty, one a target; the caller adds the predictions to them
   */
  Validation(List<Tally> tallies) {
    this.tallies = tallies;
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
    for (int t = 0; t < tallies.size(); t++) {
      tallies.get(t).merge(other.tallies.get(t));
    }
    finite &= other.finite;
    count += other.count;
    return this;
  }

  double loss() {
    return finite ? losses.value() / count : Double.NaN;
  }

  List<Tally> tallies() {
    return tallies;
  }
}
