package sluice.network;

import org.nd4j.linalg.learning.config.IUpdater;
import sluice.network.LearningRateSchedule.Constant;

/**
 * How gradients change a network's parameters over a training.
 *
 * @param updater with a learning rate
 * @param clipping what keeps gradients from exploding
 * @param schedule how the learning rate goes
 * @param steps the most that the training may take, at least 1: what the schedule goes over
 */
public record Optimisation(
    UpdaterSpec updater, GradientClipping clipping, LearningRateSchedule schedule, long steps) {

  /** At a constant learning rate, however many steps there are. */
  public static Optimisation constant(UpdaterSpec updater, GradientClipping clipping) {
    return new Optimisation(updater, clipping, new Constant(), 1);
  }

  /** The updater, which asks the schedule for its rate at each step. */
  public IUpdater scheduled() {
    IUpdater made = updater.updater();
    if (!(schedule instanceof Constant)) {
      double rate = made.getLearningRate(0, 0);
      made.setLrAndSchedule(rate, new ScheduledRate(rate, steps, schedule));
    }
    return made;
  }
}
