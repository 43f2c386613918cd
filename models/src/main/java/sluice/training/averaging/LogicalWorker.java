package sluice.training.averaging;

import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.Replica;
import sluice.training.examples.FloatVector;
import sluice.training.examples.Minibatches;
import sluice.training.examples.Seeds;

/** What a logical worker does in a round, with a network that it may overwrite. */
final class LogicalWorker {
  private static final FloatVector NONE = new FloatVector(new float[0]);

  private LogicalWorker() {}

  /**
   * Trains a range.
   *
   * @param network overwritten from the round
   * @param updaterState at the start
   * @param keeps what becomes of the state at the end
   */
  static WorkerResult train(
      Replica network,
      int worker,
      Minibatches minibatches,
      Round round,
      float[] updaterState,
      UpdaterState keeps) {
    network.setParameters(round.parameters().array());
    network.setUpdaterState(updaterState);
    long examples = 0;
    double lossSum = 0;
    long compute = 0;
    long begun = System.nanoTime();
    while (minibatches.advance()) {
      MultiDataSet batch = minibatches.arrays();
      long ready = System.nanoTime();
      int iteration = round.range().iteration(minibatches.epoch(), minibatches.index());
      network.setCounters(iteration, minibatches.epoch());
      // Dropout draws from a generator of this thread; what ran on it before must not matter.
      Nd4j.getRandom().setSeed(Seeds.of(round.seed(), worker, iteration));
      lossSum += network.fit(batch) * minibatches.examples();
      examples += minibatches.examples();
      compute += System.nanoTime() - ready;
    }
    double data = (System.nanoTime() - begun - compute) / 1e9;
    if (examples == 0) {
      return new WorkerResult(worker, 0, 0, 0, 0, 0, NONE, NONE);
    }
    float[] parameters = network.parameters();
    return new WorkerResult(
        worker,
        examples,
        lossSum,
        Divergence.squaredDistance(parameters, round.parameters().array()),
        compute / 1e9,
        data,
        new FloatVector(parameters),
        keeps == UpdaterState.RESET ? NONE : new FloatVector(network.updaterState()));
  }
}
