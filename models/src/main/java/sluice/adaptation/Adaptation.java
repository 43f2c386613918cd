package sluice.adaptation;

import sluice.network.Network;
import sluice.network.Optimisation;

/** How a training starts, and what of its network learns. */
public interface Adaptation {
  /** What a training begins with, by which settings that are left open go. */
  enum Start {
    /** Random parameters, or those that other data of this kind have given. */
    OWN,
    /** Weights that have learned of far more data than these: they change little and soon. */
    GENERAL,
    /** Such weights that stay, and adapters of them. */
    ADAPTERS
  }

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

  /** What it begins with. */
  default Start start() {
    return Start.OWN;
  }

  /**
   * The network to train.
   *
   * @param initial with random parameters, which may be overwritten
   * @param optimisation that it was made with
   */
  AdaptedNetwork begin(Network initial, Optimisation optimisation);
}
