package sluice.training.averaging;

import java.util.SortedMap;
import java.util.TreeMap;
import sluice.network.Network;

/**
 * All that a round leaves to the next.
 *
 * @param parameters of the network
 * @param average of the parameters over the steps so far; empty where none is kept
 * @param updaterState the updater's, the same for all workers
 * @param velocity what the outer optimiser remembers
 * @param localStates the updater's of each worker, where each keeps its own; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // parameters are handed over in bulk and never compared
public record AveragingState(
    float[] parameters,
    float[] average,
    float[] updaterState,
    float[] velocity,
    SortedMap<Integer, float[]> localStates) {

  public AveragingState {
    localStates = new TreeMap<>(localStates);
  }

  /** Where a training of this network begins. */
  public static AveragingState initial(
      Network network, AveragingEngine.Settings settings, int workers) {
    float[] parameters = network.parameters();
    float[] updaterState = network.updaterState();
    SortedMap<Integer, float[]> local = new TreeMap<>();
    if (settings.updaterState() == UpdaterState.LOCAL) {
      for (int worker = 0; worker < workers; worker++) {
        local.put(worker, updaterState);
      }
    }
    return new AveragingState(
        parameters,
        settings.ema().initial(parameters),
        updaterState,
        settings.outer().initialVelocity(parameters.length),
        local);
  }

  /** This with the updaters' states of another. */
  public AveragingState withUpdaters(AveragingState other) {
    return new AveragingState(parameters, average, other.updaterState, velocity, other.localStates);
  }

  /** What is validated and kept: the average where there is one. */
  public float[] evaluated() {
    return average.length == 0 ? parameters : average;
  }

  /** A copy with its own velocity, safe to write while training continues. */
  public AveragingState withOwnVelocity() {
    return new AveragingState(parameters, average, updaterState, velocity.clone(), localStates);
  }

  /** The updater's state; the mean over the workers where each keeps its own. */
  public float[] meanUpdaterState() {
    if (localStates.isEmpty()) {
      return updaterState;
    }
    float[] mean = new float[updaterState.length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] state : localStates.values()) {
        sum += state[i];
      }
      mean[i] = (float) (sum / localStates.size());
    }
    return mean;
  }
}
