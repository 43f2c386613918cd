package sluice.adaptation;

import sluice.network.Network;
import sluice.network.Optimisation;

/** How a training starts, and what of its network learns. */
public interface Adaptation {
  /** From random parameters, all of which learn. */
  static Adaptation none() {
    return (initial, optimisation) -> AdaptedNetwork.of(initial);
  }

  /**
   * Goes on from these parameters (a warm start), all of which learn.
   *
   * @param parameters as many as the network has, else {@link #begin} throws {@link
   *     sluice.data.InvalidInput} (data)
   */
  static Adaptation continuing(float[] parameters) {
    float[] copy = parameters.clone();
    return (initial, optimisation) -> {
      initial.setParameters(copy);
      return AdaptedNetwork.of(initial);
    };
  }

  /**
   * The network to train.
   *
   * @param initial with random parameters, which may be overwritten
   * @param optimisation that it was made with
   */
  AdaptedNetwork begin(Network initial, Optimisation optimisation);
}
