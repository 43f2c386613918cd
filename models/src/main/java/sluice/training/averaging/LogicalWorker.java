package sluice.training.averaging;

import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.training.examples.Minibatches;
import sluice.training.examples.Seeds;

/** What a logical worker does in a round, with a network that it may overwrite. */
final class LogicalWorker {
  private LogicalWorker() {}

  /**
   * Trains a range.
   *
   * @param network overwritten from the start
   * @param start of the round
   * @param updaterState at the start
   * @param keeps what becomes of the state at the end
   */
  static WorkerResult train(
      Replica network,
      int worker,
      Minibatches minibatches,
      Round round,
      WholeNetwork start,
      float[] updaterState,
      UpdaterState keeps) {
    float[] before = start.parameters().array();
    network.setParameters(before);
    network.setUpdaterState(updaterState);
    int steps = 0;
    long examples = 0;
    double lossSum = 0;
    long compute = 0;
    long begun = System.nanoTime();
    while (minibatches.advance()) {
      MultiDataSet batch = minibatches.arrays();
      long ready = System.nanoTime();
      int iteration = round.range().iteration(minibatches.epoch(), minibatches.index());
      network.setCounters(iteration, minibatches.epoch());
      network.setUpdaterStart(
          keeps == UpdaterState.RESET ? iteration - steps : round.updaterStart());
      steps++;
      // Dropout draws from a generator of this thread; what ran on it before must not matter.
      Nd4j.getRandom().setSeed(Seeds.of(round.seed(), worker, iteration));
      lossSum += network.fit(batch) * minibatches.examples();
      examples += minibatches.examples();
      compute += System.nanoTime() - ready;
    }
    double data = (System.nanoTime() - begun - compute) / 1e9;
    if (examples == 0) {
      return WorkerResult.empty(worker, Exchange.NONE);
    }
    RowTables tables = round.tables();
    Replica.Changes changes = network.changes(tables);
    float[] state =
        switch (keeps) {
          case AVERAGED -> changes.updaterState();
          case LOCAL -> network.updaterState();
          case RESET -> new float[0];
        };
    return new WorkerResult(
        worker,
        examples,
        lossSum,
        tables.squaredDistance(changes.parameters(), changes.rows(), before),
        compute / 1e9,
        data,
        Exchange.of(new Replica.Changes(changes.parameters(), state, changes.rows())));
  }
}
