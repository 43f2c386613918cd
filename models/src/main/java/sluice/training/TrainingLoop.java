package sluice.training;

import sluice.data.InvalidInput;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.Rounds;
import sluice.training.examples.MinibatchRange;

/**
 * The rounds of a training from where it stands to its end: which minibatches each of them trains,
 * and when an epoch has ended. All that trains goes through here; what else happens after a round
 * or an epoch is its {@link Observer}'s.
 */
final class TrainingLoop {

  /**
   * What is gone through.
   *
   * @param name of the training, for people who look at Spark's jobs
   * @param firstEpoch from 0
   * @param endEpoch exclusive
   * @param minibatchesEachEpoch of the worker that has most
   * @param firstIteration the number that minibatch 0 of the first epoch has among all steps
   * @param mostEpochsOfARound which a round covers where it is longer than an epoch
   */
  record Epochs(
      String name,
      int firstEpoch,
      int endEpoch,
      int minibatchesEachEpoch,
      int firstIteration,
      int mostEpochsOfARound) {

    private MinibatchRange range(TrainingCursor from, int end) {
      return new MinibatchRange(
          from.epoch(),
          from.epochs(),
          from.minibatch(),
          end,
          minibatchesEachEpoch,
          firstIteration + (from.epoch() - firstEpoch) * minibatchesEachEpoch);
    }

    private String description(MinibatchRange range) {
      return "%s: epoch %d, minibatches %d to %d"
          .formatted(
              name, range.firstEpoch() + 1, range.firstMinibatch() + 1, range.endMinibatch());
    }
  }

  /** Is told how a training goes, on the driver, before the next round begins. */
  interface Observer {
    /**
     * A round was averaged.
     *
     * @param cursor behind it
     */
    void averaged(Rounds.Outcome round, TrainingCursor cursor);

    /**
     * The last minibatch of an epoch, or of all epochs that the round covers, was trained.
     *
     * @param cursor behind that minibatch
     * @return whether training stops here
     */
    boolean epochsEnded(TrainingCursor cursor);

    /**
     * A round is done with, the end of its epoch included.
     *
     * @param cursor before the next round
     * @param last whether there is none
     */
    void roundEnded(TrainingCursor cursor, boolean last);

    /**
     * What is wrong with a round whose loss is not finite.
     *
     * @param epoch that it is in or ends with, from 1
     */
    InvalidInput notFinite(double lossSum, int epoch);
  }

  private final Rounds engine;
  private final Epochs epochs;
  private final AveragingFrequency averagingFrequency;
  private final Observer observer;
  private TrainingCursor cursor;

  /**
   * @param averagingFrequency how long rounds are but for the next
   * @param from where the training stands
   */
  TrainingLoop(
      Rounds engine,
      Epochs epochs,
      AveragingFrequency averagingFrequency,
      TrainingCursor from,
      Observer observer) {
    this.engine = engine;
    this.epochs = epochs;
    this.averagingFrequency = averagingFrequency;
    this.cursor = from;
    this.observer = observer;
  }

  /**
   * Runs the rounds that are left.
   *
   * @return behind the last
   * @throws InvalidInput the observer's, if the loss of a round is not finite
   */
  TrainingCursor run() {
    while (!hasEnded()) {
      round();
      if (cursor.minibatch() == epochs.minibatchesEachEpoch()) {
        cursor = cursor.behindEpochs(observer.epochsEnded(cursor));
      }
      observer.roundEnded(cursor, hasEnded());
    }
    return cursor;
  }

  private boolean hasEnded() {
    return cursor.stopped() || cursor.epoch() == epochs.endEpoch();
  }

  /** One averaging, on minibatches of one epoch or, where it covers them, on whole epochs. */
  private void round() {
    int each = epochs.minibatchesEachEpoch();
    if (cursor.minibatch() == 0) {
      int covered = Math.max(1, cursor.frequency() / each);
      int most = Math.min(epochs.mostEpochsOfARound(), epochs.endEpoch() - cursor.epoch());
      cursor = cursor.covering(Math.min(covered, most));
    }
    int end = (int) Math.min(each, (long) cursor.minibatch() + cursor.frequency());
    MinibatchRange range = epochs.range(cursor, end);
    Rounds.Outcome outcome = engine.round(range, epochs.description(range));
    if (!Double.isFinite(outcome.lossSum())) {
      throw observer.notFinite(outcome.lossSum(), range.endEpoch());
    }
    int trained = range.epochs() * (end - range.firstMinibatch());
    int next = averagingFrequency.next(cursor.frequency(), trained, outcome.divergence());
    cursor = cursor.behind(outcome, end, next);
    observer.averaged(outcome, cursor);
  }
}
