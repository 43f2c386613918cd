package sluice.training.examples;

import java.io.Serializable;

/**
 * What is trained between two averagings: some minibatches of one epoch, or some epochs as a whole.
 *
 * @param firstEpoch the epoch, from 0, that it is in or begins with
 * @param epochs how many epochs it goes through; more than 1 only as whole epochs
 * @param firstMinibatch within each epoch, from 0
 * @param endMinibatch within each epoch, exclusive
 * @param minibatchesEachEpoch of the worker that has most
 * @param firstIteration the number that minibatch 0 of the first epoch has among all steps
 */
public record MinibatchRange(
    int firstEpoch,
    int epochs,
    int firstMinibatch,
    int endMinibatch,
    int minibatchesEachEpoch,
    int firstIteration)
    implements Serializable {

  public int endEpoch() {
    return firstEpoch + epochs;
  }

  /** The number that its first step has among all steps. */
  public int begin() {
    return iteration(firstEpoch, firstMinibatch);
  }

  /** How many steps there are up to its end. */
  public int end() {
    return iteration(endEpoch() - 1, endMinibatch);
  }

  /** What Adam's correction and schedules count by; the same for all workers. */
  public int iteration(int epoch, int minibatch) {
    return firstIteration + (epoch - firstEpoch) * minibatchesEachEpoch + minibatch;
  }
}
