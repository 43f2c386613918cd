package sluice.training.averaging;

import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction2;
import sluice.network.Replica;
import sluice.training.examples.ExampleReader;
import sluice.training.examples.FloatVector;
import sluice.training.examples.Minibatches;

/**
 * What a worker's task does in a round. Not a lambda: of those Spark reads and analyses the
 * bytecode, in every round anew, on the one thread that all workers wait for.
 *
 * @param <T> what the examples are kept as
 */
final class RoundTask<T> extends AbstractFunction2<Object, Iterator<T>, Iterator<WorkerResult>>
    implements scala.Serializable {
  private static final long serialVersionUID = 1L;

  private final ExampleReader<T> reader;
  private final ReplicaPool.Lender replicas;
  private final Broadcast<Round> round;
  private final List<Broadcast<FloatVector>> localStates;
  private final UpdaterState keeps;
  private final CollectionAccumulator<Integer> done;

  /**
   * @param localStates of each worker's updater; empty where the round has the one of all
   * @param keeps what becomes of an updater's state
   * @param done what each worker adds itself to in the end
   */
  RoundTask(
      ExampleReader<T> reader,
      ReplicaPool.Lender replicas,
      Broadcast<Round> round,
      List<Broadcast<FloatVector>> localStates,
      UpdaterState keeps,
      CollectionAccumulator<Integer> done) {
    this.reader = reader;
    this.replicas = replicas;
    this.round = round;
    this.localStates = localStates;
    this.keeps = keeps;
    this.done = done;
  }

  @Override
  public Iterator<WorkerResult> apply(Object partition, Iterator<T> shard) {
    int worker = (int) partition;
    Round todo = round.value();
    FloatVector state =
        localStates.isEmpty() ? todo.updaterState() : localStates.get(worker).value();
    Replica replica = replicas.borrow();
    try (Minibatches own =
        reader.read(worker, JavaConverters.asJavaIterator(shard), todo.range())) {
      WorkerResult result = LogicalWorker.train(replica, worker, own, todo, state.array(), keeps);
      replicas.giveBack(replica);
      done.add(worker);
      return JavaConverters.asScalaIterator(List.of(result).iterator());
    }
  }
}
