package sluice.training;

import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.AdaptedNetwork;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.ReplicaPool;
import sluice.training.averaging.Rounds;
import sluice.training.examples.MinibatchRange;

/**
 * Rounds of a network other layers of which learn from some epochs on: each phase has an engine of
 * its own, which goes on with the parameters, while updaters start afresh. After the last round of
 * a phase the next one's engine is there, so that a state is always of the phase that goes on from
 * it.
 */
final class PhasedRounds implements Rounds {
  private final JavaSparkContext spark;
  private final AdaptedNetwork network;
  private final Maker maker;
  private int phase;
  private Engine engine;

  /**
   * What trains a phase.
   *
   * @param lender of replicas, which is let go of with the engine
   */
  record Engine(Rounds rounds, ReplicaPool.Lender lender) {}

  /** Makes what trains a phase. */
  @FunctionalInterface
  interface Maker {
    /**
     * What trains a phase from its first round on.
     *
     * @param left by the phase before; null for the first, which knows where it starts
     */
    Engine of(int phase, @Nullable AveragingState left);
  }

  /**
   * @param epoch, from 0, to begin with
   */
  PhasedRounds(JavaSparkContext spark, AdaptedNetwork network, int epoch, Maker maker) {
    this.spark = spark;
    this.network = network;
    this.maker = maker;
    phase = network.phaseOf(epoch);
    engine = maker.of(phase, null);
  }

  /** Lends replicas of the phase's network. */
  ReplicaPool.Lender lender() {
    return engine.lender;
  }

  @Override
  public Outcome round(MinibatchRange range, String description) {
    Outcome outcome = engine.rounds.round(range, description);
    boolean ended = range.endMinibatch() == range.minibatchesEachEpoch();
    int next = network.phaseOf(ended ? range.endEpoch() : range.firstEpoch());
    if (next != phase) {
      AveragingState left = engine.rounds.state();
      close();
      phase = next;
      engine = maker.of(next, left);
    }
    return outcome;
  }

  @Override
  public AveragingState state() {
    return engine.rounds.state();
  }

  @Override
  public void close() {
    engine.rounds.close();
    engine.lender.release(spark);
  }
}
