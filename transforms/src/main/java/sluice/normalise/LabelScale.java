package sluice.normalise;

/** How a number label is scaled for the network; predictions are scaled back. */
public enum LabelScale {
  /** Numbers are standardised. */
  AUTO,
  /** It is not. */
  NONE,
  /** Mean 0 and population standard deviation 1 on the train rows. */
  STANDARDISE
}
