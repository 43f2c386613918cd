package sluice.training;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import sluice.network.Network;

/**
 * Network replicas of an executor that stay alive between rounds: building one takes longer than a
 * short round. They are buffers that every round overwrites, so that a task remains a pure function
 * of its round and its examples. Only the latest training's are kept.
 */
final class Replicas {
  /** Builds a replica on an executor; its weights do not matter. */
  interface Factory extends Supplier<Network>, Serializable {}

  /**
   * What a task needs to borrow a replica.
   *
   * @param training identifies the training
   */
  record Lender(String training, Factory factory) implements Serializable {
    /** A replica for one task; to be given back, except after a failure. */
    Network borrow() {
      IDLE.keySet().removeIf(other -> !other.equals(training));
      Network idle = IDLE.computeIfAbsent(training, t -> new ConcurrentLinkedDeque<>()).pollFirst();
      return idle != null ? idle : factory.get();
    }

    void giveBack(Network replica) {
      IDLE.computeIfAbsent(training, t -> new ConcurrentLinkedDeque<>()).addFirst(replica);
    }

    /** Lets go of the training's replicas in this process. */
    void release() {
      IDLE.remove(training);
    }
  }

  private static final Map<String, ConcurrentLinkedDeque<Network>> IDLE = new ConcurrentHashMap<>();

  private Replicas() {}
}
