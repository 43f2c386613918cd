package sluice.training.averaging;

import java.io.Serializable;

/**
 * Where the time of rounds went. It is measured, differs from run to run, and decides nothing.
 *
 * @param wall seconds that the rounds took
 * @param slots how many workers could be at work at once
 * @param compute seconds in steps, summed over the workers
 * @param data seconds in making minibatches, likewise
 */
public record TimeBreakdown(double wall, int slots, double compute, double data)
    implements Serializable {
  /** No time at all. */
  public static final TimeBreakdown NONE = new TimeBreakdown(0, 1, 0, 0);

  /** This and what came after it. */
  public TimeBreakdown plus(TimeBreakdown later) {
    return new TimeBreakdown(
        wall + later.wall, later.slots, compute + later.compute, data + later.data);
  }

  /** The share of the slots' time that went into steps, 0 to 1. */
  public double computeShare() {
    return share(compute);
  }

  /** The share that went into minibatches. */
  public double dataShare() {
    return share(data);
  }

  /**
   * The share that went into all else: parameters on their way there and back, averaging, Spark's
   * own work, and slots that waited for others.
   */
  public double transportShare() {
    return Math.max(0, 1 - computeShare() - dataShare());
  }

  private double share(double seconds) {
    return wall == 0 ? 0 : Math.min(1, seconds / (wall * slots));
  }
}
