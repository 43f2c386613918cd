package sluice.training.averaging;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a logical worker brings back.
 *
 * @param worker its index
 * @param examples how many examples it trained
 * @param lossSum the sum of their losses, without penalties, each at its minibatch's parameters
 * @param squaredDistance of its parameters from the round's start
 * @param compute seconds in steps
 * @param data seconds in making minibatches
 * @param end the network at the end, nothing of it if it trained no example; null if its process
 *     had no network to begin with
 */
record WorkerResult(
    int worker,
    long examples,
    double lossSum,
    double squaredDistance,
    double compute,
    double data,
    @Nullable Exchange end)
    implements Serializable {

  /** Of a worker that trained nothing. */
  static WorkerResult empty(int worker, @Nullable Exchange end) {
    return new WorkerResult(worker, 0, 0, 0, 0, 0, end);
  }
}
