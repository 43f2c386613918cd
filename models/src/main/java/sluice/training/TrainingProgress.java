package sluice.training;

import sluice.training.averaging.RoundProgress;
import sluice.training.checkpoint.EpochRecord;

/** Is told how a training goes, on the driver. */
public interface TrainingProgress {

  /** A few rounds were measured before the first. */
  void advised(Advice advice);

  /** A round has been averaged. */
  void averaged(RoundProgress averaged);

  /** An epoch, or a round of several, has ended and was validated; it took this long. */
  void epochEnded(EpochRecord epoch, int epochs, double seconds);
}
