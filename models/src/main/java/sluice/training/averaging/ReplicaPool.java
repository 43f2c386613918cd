package sluice.training.averaging;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import sluice.network.Replica;
import sluice.network.Replicas;
import sluice.network.RowTables;
import sluice.training.device.DevicePin;

/**
 * Network replicas of an executor that stay alive between rounds: building one takes longer than a
 * short round. They are buffers that every round overwrites, so that a task remains a pure function
 * of its round and its examples. Only the latest training's are kept. A replica stays on the device
 * that it was made on, and is lent to tasks of that device only.
 */
public final class ReplicaPool {
  /** Builds a replica on an executor; its weights do not matter. */
  @FunctionalInterface
  public interface Factory extends Supplier<Replica>, Serializable {
    /** Of a network's own replicas. */
    static Factory of(Replicas replicas) {
      return new OfNetwork(replicas);
    }

    /** The large tables of which they hold some rows only. */
    default RowTables tables() {
      return RowTables.none();
    }
  }

  private record OfNetwork(Replicas replicas) implements Factory {
    @Override
    public Replica get() {
      return replicas.get();
    }

    @Override
    public RowTables tables() {
      return replicas.tables();
    }
  }

  /**
   * What a task needs to borrow a replica.
   *
   * @param training identifies the training
   * @param pin binds the task to its device
   */
  public record Lender(String training, Factory factory, DevicePin pin) implements Serializable {
    /**
     * A replica for one task; to be given back, except after a failure. Binds the task to its
     * device, so nothing of the task may make an array before.
     */
    public Replica borrow() {
      Shelf shelf = new Shelf(training, pin.bind());
      IDLE.keySet().removeIf(other -> !other.training.equals(training));
      Replica idle = IDLE.computeIfAbsent(shelf, s -> new ConcurrentLinkedDeque<>()).pollFirst();
      return idle != null ? idle : factory.get();
    }

    public void giveBack(Replica replica) {
      Shelf shelf = new Shelf(training, pin.bind());
      IDLE.computeIfAbsent(shelf, s -> new ConcurrentLinkedDeque<>()).addFirst(replica);
    }

    /** Lets go of the training's replicas in this process and on all executors. */
    public void release(JavaSparkContext spark) {
      String ended = training;
      ExecutorRelease.everywhere(spark, () -> ReplicaPool.release(ended));
    }
  }

  /** Where the replicas of a training on a device wait. */
  private record Shelf(String training, int device) {}

  private static final Map<Shelf, ConcurrentLinkedDeque<Replica>> IDLE = new ConcurrentHashMap<>();

  private ReplicaPool() {}

  /** Lets go of a training's replicas in this process. */
  static void release(String training) {
    IDLE.keySet().removeIf(shelf -> shelf.training.equals(training));
  }

  /** How many replicas wait in this process. */
  static int idle() {
    return IDLE.values().stream().mapToInt(ConcurrentLinkedDeque::size).sum();
  }
}
