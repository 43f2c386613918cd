package sluice.training.averaging;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction2;
import sluice.network.ProcessMemory;
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
  private final Sent sent;
  private final List<Broadcast<FloatVector>> localStates;
  private final UpdaterState keeps;
  private final CollectionAccumulator<Integer> done;

  /**
   * What goes out to executors.
   *
   * @param whole the network at the start; null if executors are expected to have it
   */
  record Sent(Broadcast<Round> round, @Nullable Broadcast<WholeNetwork> whole)
      implements Serializable {

    /** The network at the start; null if this process has none. */
    @Nullable WholeNetwork start() {
      return WholeNetwork.of(round.value(), whole);
    }

    void destroy() {
      round.destroy();
      if (whole != null) {
        whole.destroy();
      }
    }
  }

  /**
   * @param localStates of each worker's updater; empty where the round has the one of all
   * @param keeps what becomes of an updater's state
   * @param done what each worker adds itself to in the end
   */
  RoundTask(
      ExampleReader<T> reader,
      ReplicaPool.Lender replicas,
      Sent sent,
      List<Broadcast<FloatVector>> localStates,
      UpdaterState keeps,
      CollectionAccumulator<Integer> done) {
    this.reader = reader;
    this.replicas = replicas;
    this.sent = sent;
    this.localStates = localStates;
    this.keeps = keeps;
    this.done = done;
  }

  @Override
  public Iterator<WorkerResult> apply(Object partition, Iterator<T> shard) {
    int worker = (int) partition;
    Round todo = sent.round().value();
    WholeNetwork start = sent.start();
    if (start == null) {
      return one(WorkerResult.empty(worker, null));
    }
    FloatVector state =
        localStates.isEmpty() ? start.updaterState() : localStates.get(worker).value();
    try (Minibatches own =
        reader.read(worker, JavaConverters.asJavaIterator(shard), todo.range())) {
      Replica replica = replicas.borrow();
      WorkerResult result =
          LogicalWorker.train(replica, worker, own, todo, start, state.array(), keeps);
      replicas.giveBack(replica);
      done.add(worker);
      return one(result);
    } catch (OutOfMemoryError e) {
      throw ProcessMemory.explained(e);
    }
  }

  private static Iterator<WorkerResult> one(WorkerResult result) {
    return JavaConverters.asScalaIterator(List.of(result).iterator());
  }
}
