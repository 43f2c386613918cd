package sluice.training;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import sluice.data.Json;
import sluice.network.NetworkDefinition;
import sluice.network.UpdaterSpec;

/**
 * Network replicas of an executor that stay alive between rounds: building one takes longer than a
 * short round. They are buffers that every round overwrites, so that a task remains a pure function
 * of its round and its blocks. Only the latest training's are kept.
 */
final class Replicas {
  private static final Map<String, ConcurrentLinkedDeque<LogicalWorker>> IDLE =
      new ConcurrentHashMap<>();

  private Replicas() {}

  /**
   * A replica for one task; to be given back.
   *
   * @param training identifies the training
   * @param definition a {@link NetworkDefinition} as JSON
   * @param updater an {@link UpdaterSpec} as JSON
   */
  static LogicalWorker borrow(String training, String definition, String updater) {
    IDLE.keySet().removeIf(other -> !other.equals(training));
    LogicalWorker idle =
        IDLE.computeIfAbsent(training, t -> new ConcurrentLinkedDeque<>()).pollFirst();
    return idle != null
        ? idle
        : new LogicalWorker(
            Json.read(definition, NetworkDefinition.class, "the network definition"),
            Json.read(updater, UpdaterSpec.class, "the updater"));
  }

  static void giveBack(String training, LogicalWorker replica) {
    IDLE.computeIfAbsent(training, t -> new ConcurrentLinkedDeque<>()).addFirst(replica);
  }
}
