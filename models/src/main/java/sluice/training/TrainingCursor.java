package sluice.training;

import sluice.training.averaging.Rounds;

/**
 * How far a training has come.
 *
 * @param epoch that the next round is in or begins with, from 0
 * @param epochs that a round covers from there
 * @param minibatch that the next round begins with
 * @param frequency minibatches of the next round
 * @param averagings so far
 * @param lossSum of the examples trained since the last epoch that was ended
 * @param trained how many they are
 * @param stopped whether it has ended before its last epoch
 */
record TrainingCursor(
    int epoch,
    int epochs,
    int minibatch,
    int frequency,
    int averagings,
    double lossSum,
    long trained,
    boolean stopped) {

  /**
   * Before the first round.
   *
   * @param frequency minibatches of it
   */
  static TrainingCursor before(int epoch, int frequency) {
    return new TrainingCursor(epoch, 1, 0, frequency, 0, 0, 0, false);
  }

  /** Before a round that covers so many epochs, or a part of one. */
  TrainingCursor covering(int number) {
    return new TrainingCursor(
        epoch, number, minibatch, frequency, averagings, lossSum, trained, stopped);
  }

  /**
   * Behind a round.
   *
   * @param end the minibatch of its epochs behind its last
   * @param next minibatches of the next round
   */
  TrainingCursor behind(Rounds.Outcome round, int end, int next) {
    return new TrainingCursor(
        epoch,
        epochs,
        end,
        next,
        averagings + round.averagings(),
        lossSum + round.lossSum(),
        trained + round.examples(),
        stopped);
  }

  /**
   * Behind the epochs that a round has ended.
   *
   * @param last whether training stops with them
   */
  TrainingCursor behindEpochs(boolean last) {
    return new TrainingCursor(epoch + epochs, epochs, 0, frequency, averagings, 0, 0, last);
  }
}
