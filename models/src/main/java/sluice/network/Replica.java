package sluice.network;

import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.data.InvalidInput;

/**
 * A network as training needs it: what a logical worker overwrites, takes steps with, and reads.
 */
public interface Replica {
  /** A copy of the parameters, in the order of the layers. */
  float[] parameters();

  /**
   * Overwrites the parameters. Who goes on to take steps overwrites the updater's state, too.
   *
   * @param parameters not to be written to before other ones are set: rows of large tables are read
   *     when they are needed
   * @throws InvalidInput (data) if their number is not the network's
   */
  void setParameters(float[] parameters);

  /** A copy of the updater's state; empty if it has none, as plain gradient descent. */
  float[] updaterState();

  /**
   * Overwrites the updater's state; does nothing where it has none.
   *
   * @param state not to be written to, as parameters are not
   * @throws InvalidInput (data) if its length is not that of this network's updater
   */
  void setUpdaterState(float[] state);

  /** Sets how many minibatches and epochs it was fitted to, which schedules and Adam go by. */
  void setCounters(int iteration, int epoch);

  /**
   * Sets at which iteration the updater's state began as zeros, 0 unless set: the bias correction
   * of Adam's averages counts from there.
   */
  void setUpdaterStart(int iteration);

  /**
   * One step on one minibatch, with the counters as they are; the iteration goes up by one.
   *
   * @param batch examples first in every array; a mask of [examples, 1] over the labels is
   *     multiplied into the examples' losses: a weight
   * @return the mean loss before the step, without penalties
   */
  double fit(MultiDataSet batch);

  /**
   * What steps may have changed since the parameters were set.
   *
   * @param parameters all outside of the large tables
   * @param updaterState likewise
   * @param rows of the large tables; none of what is frozen
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
  record Changes(float[] parameters, float[] updaterState, TableRows rows) {}

  /**
   * What steps may have changed.
   *
   * @param tables as {@link Replicas#tables} has them, with the states that the rows shall bring;
   *     of a replica that has no rows of its own all are frozen
   */
  default Changes changes(RowTables tables) {
    if (tables.learn()) {
      throw new IllegalStateException("a replica without rows of its own was asked for some");
    }
    return new Changes(
        tables.rest(parameters()), tables.restOfState(updaterState()), TableRows.NONE);
  }

  /**
   * What the network makes of examples that it does not train on, examples first in both arrays.
   * Masks over labels of [examples, outputs, steps] weigh the losses of steps; others are not
   * looked at.
   */
  Judged judge(MultiDataSet examples);

  /**
   * What came of some examples, for each output of the network.
   *
   * @param losses of each example, without penalties
   * @param outputs of each example, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
  record Judged(float[][] losses, float[][] outputs) {}
}
