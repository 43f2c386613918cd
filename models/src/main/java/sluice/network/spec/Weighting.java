package sluice.network.spec;

/** What the losses of several targets count for in their sum. */
public enum Weighting {
  /** As much as their decoders say. */
  FIXED,
  /**
   * What is learnt for each with the network: {@link sluice.network.UncertaintyOutputLayer}. The
   * decoders' weights multiply the losses that come of it.
   */
  UNCERTAINTY
}
