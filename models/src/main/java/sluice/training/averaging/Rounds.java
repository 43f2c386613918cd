package sluice.training.averaging;

import sluice.training.examples.MinibatchRange;

/** What trains a network in rounds. */
public interface Rounds extends AutoCloseable {

  /**
   * How a round went.
   *
   * @param averagings that it took
   * @param examples trained
   * @param lossSum the sum of their losses, without penalties
   * @param divergence of the workers at its end, as {@link Divergence} has it
   * @param spent where its time went
   */
  record Outcome(
      int averagings, long examples, double lossSum, double divergence, TimeBreakdown spent) {}

  /**
   * Runs one round.
   *
   * @param description of the Spark job
   */
  Outcome round(MinibatchRange range, String description);

  /**
   * What the last round left; its arrays are not to be written to, and the next round may write to
   * them: who wants to keep one copies it.
   */
  AveragingState state();

  @Override
  void close();
}
