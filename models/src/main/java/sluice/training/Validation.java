package sluice.training;

import java.io.Serializable;
import sluice.statistics.ExactSum;

/** Losses and hits on the validation part; the same to the bit in whatever order it is merged. */
final class Validation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExactSum losses = new ExactSum();
  private boolean finite = true;
  private long hits;
  private long count;

  void add(double loss, boolean hit) {
    count++;
    if (hit) {
      hits++;
    }
    if (Double.isFinite(loss)) {
      losses.add(loss);
    } else {
      finite = false;
    }
  }

  Validation merge(Validation other) {
    losses.merge(other.losses);
    finite &= other.finite;
    hits += other.hits;
    count += other.count;
    return this;
  }

  double loss() {
    return finite ? losses.value() / count : Double.NaN;
  }

  double accuracy() {
    return (double) hits / count;
  }
}
