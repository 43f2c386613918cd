package sluice.training.averaging;

/** What becomes of the updater's state, as Adam's moments, when the parameters are averaged. */
public enum UpdaterState {
  /** It is averaged as the parameters are, and every worker goes on from the average. */
  AVERAGED,
  /** Each logical worker keeps its own. */
  LOCAL,
  /**
   * Each round begins with a fresh one; the bias correction of Adam's averages counts from there.
   */
  RESET
}
