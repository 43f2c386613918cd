package sluice.training;

import sluice.training.averaging.RoundProgress;
import sluice.training.checkpoint.EpochRecord;

/** For trainings that nobody looks at. */
final class SilentProgress implements TrainingProgress {
  static final TrainingProgress INSTANCE = new SilentProgress();

  private SilentProgress() {}

  @Override
  public void advised(Advice advice) {}

  @Override
  public void averaged(RoundProgress averaged) {}

  @Override
  public void epochEnded(EpochRecord epoch, int epochs, double seconds) {}
}
