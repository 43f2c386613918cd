package sluice.training;

/** Is told how a training goes, on the driver. */
public interface TrainingProgress {

  /**
   * A round has been averaged.
   *
   * @param epoch from 1
   * @param done examples trained in this epoch so far
   * @param total examples of an epoch
   * @param loss mean of the round
   */
  void averaged(int epoch, int epochs, long done, long total, double loss);

  /** An epoch, or a round of several, has ended and was validated; it took this long. */
  void epochEnded(EpochRecord epoch, int epochs, double seconds);
}
