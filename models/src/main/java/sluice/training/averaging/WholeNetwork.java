package sluice.training.averaging;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import sluice.training.examples.FloatVector;

/**
 * A network as all workers have it at the start of a round.
 *
 * <p>One with large tables does not go out in each round: a process keeps what the last round
 * started from, and is sent what that round changed. Arrays are overwritten in their place, so that
 * a task of an earlier round that is still at work computes nonsense, which nobody takes any more.
 *
 * @param parameters all of them
 * @param updaterState the same for all workers; empty where each keeps its own
 */
record WholeNetwork(FloatVector parameters, FloatVector updaterState) implements Serializable {
  /** What a process keeps. */
  private record Kept(String training, int round, WholeNetwork network) {
    boolean isOf(Round other) {
      return training.equals(other.training());
    }
  }

  /** Of the latest training with large tables in this process. */
  private static @Nullable Kept kept;

  /**
   * The network at the start of a round.
   *
   * @param sent all of it; null if it was not sent, as processes are expected to keep it
   * @return null if this process keeps none that the round goes on from, and was sent none
   */
  static synchronized @Nullable WholeNetwork of(
      Round round, @Nullable Broadcast<WholeNetwork> sent) {
    if (round.tables().isEmpty()) {
      return new WholeNetwork(round.start().parameters(), round.start().updaterState());
    }
    Kept last = kept;
    if (last != null && last.isOf(round) && last.round >= round.number()) {
      return last.round == round.number() ? last.network : null;
    }
    WholeNetwork network;
    if (sent != null) {
      network = sent.value();
    } else if (last != null && last.isOf(round) && last.round == round.number() - 1) {
      network = last.network;
      network.put(round);
    } else {
      return null;
    }
    kept = new Kept(round.training(), round.number(), network);
    return network;
  }

  /** Keeps what a round starts from, for tasks in this process. */
  static synchronized void keep(Round round, WholeNetwork network) {
    if (!round.tables().isEmpty()) {
      kept = new Kept(round.training(), round.number(), network);
    }
  }

  private void put(Round round) {
    Exchange start = round.start();
    round.tables().putRest(start.parameters().array(), parameters.array());
    if (round.tables().updaterState() > 0) {
      round.tables().putRestOfState(start.updaterState().array(), updaterState.array());
    }
    round.tables().put(start.tableRows(), parameters.array(), updaterState.array());
  }

  /** Lets go of what this process keeps of a training. */
  static synchronized void release(String training) {
    if (kept != null && kept.training.equals(training)) {
      kept = null;
    }
  }
}
