package sluice.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Task;
import sluice.evaluation.metric.Tally;
import sluice.network.Target;
import sluice.network.spec.NetworkDefinition;
import sluice.training.TrainSettings.EarlyStopping;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.RoundProgress;
import sluice.training.averaging.Rounds;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.checkpoint.Checkpoint;
import sluice.training.checkpoint.Checkpoints;
import sluice.training.checkpoint.EpochRecord;
import sluice.training.examples.MinibatchRange;

/**
 * One training from its first round to its last: which minibatches each round trains, when the
 * validation part is measured, which network is the best, when to stop, and what is written down.
 */
final class TrainingLoop {
  /** Of a training's time and in seconds, what may go into predicting it. */
  private static final double ADVICE_SHARE = 0.05;

  private static final double ADVICE_SECONDS = 10;

  private final NetworkDefinition definition;
  private final TrainSettings settings;
  private final TrainingPlan plan;
  private final TrainingResources resources;
  private final ValidationPass held;
  private final Rounds engine;
  private final long examples;
  private final int minibatchesEachEpoch;
  private final TrainingProgress progress;
  private final @Nullable Checkpoints checkpoints;
  private final boolean resumed;

  private final List<EpochRecord> history = new ArrayList<>();
  private final List<Double> seconds = new ArrayList<>();
  private int averagings;

  /** The epoch that the next round is in or begins with, from 0. */
  private int epoch;

  /** How many epochs a round covers from there. */
  private int epochs = 1;

  /** The minibatch that the next round begins with. */
  private int minibatch;

  /** Minibatches of the next round. */
  private int frequency;

  /** Of the epochs so far. */
  private double lossSum;

  private long trained;

  /** The parameters of the best record of the history, and its place there. */
  private float[] best;

  private int bestRecord;

  /** The parameters of the last record within the first nine tenths; empty before. */
  private float[] reference;

  private boolean stopped;
  private double spentBefore;

  /** Of all rounds since the start, or since the checkpoint that it went on from. */
  private TimeBreakdown time = TimeBreakdown.NONE;

  private long trainedInTime;
  private @Nullable Advice advice;
  private @Nullable Double validationLoss;
  private SortedMap<String, Double> validationMetrics = new TreeMap<>();
  private long since = System.nanoTime();

  /**
   * @param training what is trained, and how
   * @param resources what it computes with; the caller closes them
   * @param checkpoints where it is written down; null for nowhere
   * @param from where it goes on from, as the resources do; null for the start
   */
  TrainingLoop(
      TrainingResources.Training training,
      TrainingResources resources,
      TrainingProgress progress,
      @Nullable Checkpoints checkpoints,
      @Nullable Checkpoint from) {
    this.definition = training.definition();
    this.settings = training.settings();
    this.plan = training.plan();
    this.resources = resources;
    this.held = resources.validation();
    this.engine = resources.engine();
    this.examples = resources.examples();
    this.minibatchesEachEpoch = resources.minibatchesEachEpoch();
    this.progress = progress;
    this.checkpoints = checkpoints;
    this.resumed = from != null;
    this.frequency = plan.averagingFrequency().first();
    this.best = from == null ? engine.state().parameters() : from.best();
    this.reference = from == null ? new float[0] : from.reference();
    if (from != null) {
      goOn(from.position());
    }
  }

  private void goOn(Checkpoint.Position position) {
    epoch = position.epoch();
    epochs = position.epochs();
    minibatch = position.minibatch();
    frequency = position.frequency();
    averagings = position.averagings();
    lossSum = position.lossSum();
    trained = position.trained();
    spentBefore = position.spent();
    history.addAll(position.history());
    seconds.addAll(position.seconds());
    bestRecord = position.bestRecord();
    stopped = position.stopped();
    if (!history.isEmpty()) {
      EpochRecord latest = history.get(history.size() - 1);
      validationLoss = latest.validationLoss();
      validationMetrics = latest.validationMetrics();
    }
  }

  private boolean hasEnded() {
    return stopped || epoch == plan.epochs();
  }

  /**
   * Writes the finished round where it is due, the last in any case: the same training then is
   * there without a round. Any other is kept at hand for a sudden end.
   */
  private void writeCheckpoint() {
    int every = settings.checkpoint().every();
    if (checkpoints == null || every == 0) {
      return;
    }
    int keep = settings.checkpoint().keep();
    if (hasEnded() || averagings % every == 0) {
      checkpoints.write(checkpoint(engine.state()), keep);
    } else {
      // The engine goes on while somebody else writes, and changes the velocity in its place.
      checkpoints.remember(checkpoint(engine.state().withOwnVelocity()), keep);
    }
  }

  private Checkpoint checkpoint(AveragingState state) {
    return new Checkpoint(
        new Checkpoint.Position(
            epoch,
            epochs,
            minibatch,
            frequency,
            averagings,
            lossSum,
            trained,
            spent(),
            history,
            seconds,
            bestRecord,
            stopped),
        state,
        best,
        reference);
  }

  /** Seconds on the epochs since the last record, those before a break included. */
  private double spent() {
    return spentBefore + (System.nanoTime() - since) / 1e9;
  }

  /** Runs the rounds that are left. */
  TrainedNetwork run() {
    if (!resumed) {
      stopping().watched().ifPresent(watched -> held.requireDefined(watched, definition.targets()));
    }
    if (!resumed && settings.master() == TrainSettings.Master.AVERAGING) {
      resources
          .adviser()
          .within(ADVICE_SHARE, ADVICE_SECONDS)
          .ifPresent(
              measured -> {
                advice = measured;
                progress.advised(measured);
              });
      since = System.nanoTime();
    }
    while (!hasEnded()) {
      round();
      if (minibatch == minibatchesEachEpoch) {
        endEpochs();
      }
      writeCheckpoint();
    }
    return new TrainedNetwork(
        definition,
        best,
        bestEpoch().epoch(),
        List.copyOf(history),
        List.copyOf(seconds),
        time,
        trainedInTime,
        advice,
        plan,
        convergence(),
        examples);
  }

  /** Of a training that came to the end of its epochs. */
  private @Nullable Convergence convergence() {
    if (stopped) {
      return null;
    }
    if (held.rows() < 2) {
      return Convergence.unknown(
          held.rows() == 0 ? "there is no validation part" : "the validation part has one row");
    }
    if (reference.length == 0) {
      return Convergence.ofOneEpoch();
    }
    int to = history.get(history.size() - 1).epoch();
    int from =
        history.stream()
            .mapToInt(EpochRecord::epoch)
            .filter(epoch -> Convergence.beforeLastTenth(epoch, plan.epochs()))
            .max()
            .orElseThrow();
    return Convergence.of(held.fall(reference, engine.state().evaluated()).between(from, to));
  }

  private int epochsOfARound() {
    if (settings.master() == TrainSettings.Master.STOCK) {
      // It fits all examples once.
      return 1;
    }
    int covered = Math.max(1, frequency / minibatchesEachEpoch);
    return held.rows() == 0 ? covered : Math.min(covered, plan.mostEpochsOfARound());
  }

  /** One averaging, on minibatches of one epoch or, where it covers them, on whole epochs. */
  private void round() {
    if (minibatch == 0) {
      epochs = Math.min(epochsOfARound(), plan.epochs() - epoch);
    }
    int end =
        settings.master() == TrainSettings.Master.STOCK
            ? minibatchesEachEpoch
            : (int) Math.min(minibatchesEachEpoch, (long) minibatch + frequency);
    Rounds.Outcome outcome =
        engine.round(
            new MinibatchRange(
                epoch, epochs, minibatch, end, minibatchesEachEpoch, epoch * minibatchesEachEpoch),
            "train: epoch %d, minibatches %d to %d".formatted(epoch + 1, minibatch + 1, end));
    checkFinite("training loss", outcome.lossSum(), epoch + epochs);
    averagings += outcome.averagings();
    lossSum += outcome.lossSum();
    trained += outcome.examples();
    time = time.plus(outcome.spent());
    trainedInTime += outcome.examples();
    frequency =
        plan.averagingFrequency().next(frequency, epochs * (end - minibatch), outcome.divergence());
    minibatch = end;
    progress.averaged(
        new RoundProgress(
            epoch + epochs,
            plan.epochs(),
            averagings,
            trained / epochs,
            examples,
            outcome.lossSum() / outcome.examples(),
            validationLoss,
            validationMetrics,
            time));
    TrainingMetrics.round(
        epoch + epochs,
        averagings,
        outcome.lossSum() / outcome.examples(),
        validationLoss,
        outcome.examples() / outcome.spent().wall());
  }

  /** Validates, and decides what is best and whether to go on. */
  private void endEpochs() {
    int last = epoch + epochs;
    float[] parameters = engine.state().evaluated();
    if (held.rows() > 0) {
      Validation validation = held.validate(parameters, last);
      checkFinite("validation loss", validation.loss(), last);
      validationLoss = validation.loss();
      validationMetrics = metrics(validation.tallies(), last);
      if (Convergence.beforeLastTenth(last, plan.epochs())) {
        reference = parameters;
      }
    }
    EpochRecord record =
        new EpochRecord(
            last, averagings, lossSum / trained, validationLoss, validationMetrics, trained);
    if (history.isEmpty() || isBetter(record, bestEpoch())) {
      best = parameters;
      bestRecord = history.size();
    } else {
      stopped = plan.patience() > 0 && last - bestEpoch().epoch() >= plan.patience();
    }
    double took = spent();
    history.add(record);
    seconds.add(took);
    progress.epochEnded(record, plan.epochs(), took);
    spentBefore = 0;
    since = System.nanoTime();
    epoch = last;
    minibatch = 0;
    lossSum = 0;
    trained = 0;
  }

  private EpochRecord bestEpoch() {
    return history.get(bestRecord);
  }

  /** What is measured of each target; of several under {@code <label>.<metric>}. */
  private SortedMap<String, Double> metrics(List<Tally> tallies, int epoch) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    for (int t = 0; t < tallies.size(); t++) {
      Target target = definition.targets().get(t);
      String prefix = tallies.size() == 1 ? "" : target.name() + ".";
      Tally tally = tallies.get(t);
      if (target.task() != Task.REGRESSION) {
        metrics.put(prefix + "accuracy", tally.value("accuracy"));
      }
      stopping()
          .watched()
          .filter(watched -> watched.isOf(target))
          .map(watched -> watched.metric().name())
          .ifPresent(name -> metrics.put(prefix + name, tally.value(name)));
    }
    metrics.forEach((name, value) -> checkFinite("validation " + name, value, epoch));
    return metrics;
  }

  private EarlyStopping stopping() {
    return settings.earlyStopping();
  }

  /** Without a validation part the latest is the best. */
  private boolean isBetter(EpochRecord candidate, EpochRecord best) {
    @Nullable Double now = watched(candidate);
    @Nullable Double before = watched(best);
    if (now == null || before == null) {
      return true;
    }
    return stopping().gain(now, before) > stopping().minImprovement();
  }

  private @Nullable Double watched(EpochRecord epoch) {
    Optional<EarlyStopping.Watched> metric = stopping().watched();
    return metric.isPresent()
        ? epoch.validationMetrics().get(metric.get().name())
        : epoch.validationLoss();
  }

  private void checkFinite(String what, double value, int epoch) {
    if (!Double.isFinite(value)) {
      String last =
          checkpoints == null
              ? ""
              : checkpoints.last().map(path -> "; the last good checkpoint is " + path).orElse("");
      throw InvalidInput.data(
          ("train: the %s of epoch %d must be finite, got %s; the learning rate may be too"
                  + " high, or a feature not scaled%s")
              .formatted(what, epoch, value, last));
    }
  }
}
