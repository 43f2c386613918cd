package sluice.training.checkpoint;

import sluice.data.Require;

/**
 * How often a training is written down, so that it can go on after it was killed.
 *
 * @param every rounds between two checkpoints, besides one after the last round; 0 for none
 * @param keep how many of the latest are kept; each holds the best parameters too
 */
public record CheckpointSettings(int every, int keep) {
  public CheckpointSettings {
    new Require().atLeast("every", every, 0).atLeast("keep", keep, 1).hold();
  }
}
