package sluice.training;

import sluice.training.averaging.RoundProgress;
import sluice.training.checkpoint.EpochRecord;

/** Is told how a training goes, on the driver; by itself it takes no notice. */
public interface TrainingProgress {
  /** Of trainings that nobody looks at. */
  TrainingProgress SILENT = new TrainingProgress() {};

  /** A few rounds were measured before the first. */
  default void advised(Advice advice) {}

  /** A round has been averaged. */
  default void averaged(RoundProgress averaged) {}

  /** An epoch, or a round of several, has ended and was validated; it took this long. */
  default void epochEnded(EpochRecord epoch, int epochs, double seconds) {}
}
