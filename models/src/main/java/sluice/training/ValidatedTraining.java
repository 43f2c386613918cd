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
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.RoundProgress;
import sluice.training.averaging.Rounds;
import sluice.training.averaging.TimeBreakdown;
import sluice.training.checkpoint.Checkpoint;
import sluice.training.checkpoint.Checkpoints;
import sluice.training.checkpoint.EpochRecord;

/**
 * A training of {@link Trainer} from its first round to its last: when the validation part is
 * measured, which network is the best, when to stop, and what is written down.
 */
final class ValidatedTraining implements TrainingLoop.Observer {
  /** Of a training's time and in seconds, what may go into predicting it. */
  private static final double ADVICE_SHARE = 0.05;

  private static final double ADVICE_SECONDS = 10;

  private final NetworkDefinition definition;
  private final TrainSettings settings;
  private final TrainingPlan plan;
  private final TrainingResources resources;
  private final ValidationPass held;
  private final Rounds engine;
  private final TrainingProgress progress;
  private final @Nullable Checkpoints checkpoints;
  private final boolean resumed;
  private final AveragingFrequency averagingFrequency;
  private final TrainingCursor start;
  private final BestEpoch best;

  private final List<Double> seconds = new ArrayList<>();

  /** The parameters of the last record within the first nine tenths; empty before. */
  private float[] reference;

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
  ValidatedTraining(
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
    this.progress = progress;
    this.checkpoints = checkpoints;
    this.resumed = from != null;
    // Deeplearning4j's own master fits all examples once, with averagings of its own.
    this.averagingFrequency =
        settings.master() == TrainSettings.Master.STOCK
            ? new AveragingFrequency.Fixed(resources.minibatchesEachEpoch())
            : plan.averagingFrequency();
    this.best = new BestEpoch(settings.earlyStopping(), plan.patience());
    this.reference = from == null ? new float[0] : from.reference();
    this.start =
        from == null
            ? TrainingCursor.before(0, averagingFrequency.first())
            : resume(from.position(), from.best());
  }

  private TrainingCursor resume(Checkpoint.Position position, float[] parameters) {
    best.resume(position.history(), position.bestRecord(), parameters);
    seconds.addAll(position.seconds());
    spentBefore = position.spent();
    if (!position.history().isEmpty()) {
      EpochRecord latest = position.history().get(position.history().size() - 1);
      validationLoss = latest.validationLoss();
      validationMetrics = latest.validationMetrics();
    }
    return new TrainingCursor(
        position.epoch(),
        position.epochs(),
        position.minibatch(),
        position.frequency(),
        position.averagings(),
        position.lossSum(),
        position.trained(),
        position.stopped());
  }

  /**
   * Writes the finished round where it is due, the last in any case: the same training then is
   * there without a round. Any other is kept at hand for a sudden end.
   */
  @Override
  public void roundEnded(TrainingCursor cursor, boolean last) {
    int every = settings.checkpoint().every();
    if (checkpoints == null || every == 0) {
      return;
    }
    int keep = settings.checkpoint().keep();
    if (last || cursor.averagings() % every == 0) {
      checkpoints.write(checkpoint(cursor, engine.state()), keep);
    } else if (!resources.roundsOverwrite()) {
      // The engine goes on while somebody else writes, and changes the velocity in its place; with
      // large tables all of the state, of which there is no room for a copy.
      checkpoints.remember(checkpoint(cursor, engine.state().withOwnVelocity()), keep);
    }
  }

  private Checkpoint checkpoint(TrainingCursor cursor, AveragingState state) {
    return new Checkpoint(
        new Checkpoint.Position(
            cursor.epoch(),
            cursor.epochs(),
            cursor.minibatch(),
            cursor.frequency(),
            cursor.averagings(),
            cursor.lossSum(),
            cursor.trained(),
            spent(),
            best.history(),
            seconds,
            best.record(),
            cursor.stopped()),
        state,
        best.parameters().length == 0 ? state.parameters() : best.parameters(),
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
    TrainingCursor end = loop().run();
    return new TrainedNetwork(
        definition,
        resources.merged(best.parameters()),
        best.epoch(),
        best.history(),
        List.copyOf(seconds),
        time,
        trainedInTime,
        advice,
        plan,
        end.stopped() ? null : convergence(),
        resources.examples());
  }

  private TrainingLoop loop() {
    return new TrainingLoop(
        engine,
        new TrainingLoop.Epochs(
            "train",
            0,
            plan.epochs(),
            resources.minibatchesEachEpoch(),
            0,
            resources.mostEpochsOfARound(
                held.rows() == 0 ? Integer.MAX_VALUE : plan.mostEpochsOfARound())),
        averagingFrequency,
        start,
        this);
  }

  /** Of a training that came to the end of its epochs. */
  private Convergence convergence() {
    if (held.rows() < 2) {
      return Convergence.unknown(
          held.rows() == 0 ? "there is no validation part" : "the validation part has one row");
    }
    if (reference.length == 0) {
      return Convergence.ofOneEpoch();
    }
    List<EpochRecord> history = best.history();
    int to = history.get(history.size() - 1).epoch();
    int from =
        history.stream()
            .mapToInt(EpochRecord::epoch)
            .filter(epoch -> Convergence.beforeLastTenth(epoch, plan.epochs()))
            .max()
            .orElseThrow();
    return Convergence.of(held.fall(reference, engine.state().evaluated()).between(from, to));
  }

  @Override
  public void averaged(Rounds.Outcome round, TrainingCursor cursor) {
    time = time.plus(round.spent());
    trainedInTime += round.examples();
    int last = cursor.epoch() + cursor.epochs();
    double loss = round.lossSum() / round.examples();
    progress.averaged(
        new RoundProgress(
            last,
            plan.epochs(),
            cursor.averagings(),
            cursor.trained() / cursor.epochs(),
            resources.examples(),
            loss,
            validationLoss,
            validationMetrics,
            time));
    TrainingMetrics.round(
        last, cursor.averagings(), loss, validationLoss, round.examples() / round.spent().wall());
  }

  /** Validates, and decides what is best and whether to go on. */
  @Override
  public boolean epochsEnded(TrainingCursor cursor) {
    int last = cursor.epoch() + cursor.epochs();
    float[] parameters = resources.kept(engine.state().evaluated());
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
            last,
            cursor.averagings(),
            cursor.lossSum() / cursor.trained(),
            validationLoss,
            validationMetrics,
            cursor.trained());
    boolean stops = best.add(record, parameters);
    double took = spent();
    seconds.add(took);
    progress.epochEnded(record, plan.epochs(), took);
    spentBefore = 0;
    since = System.nanoTime();
    return stops;
  }

  /** What is measured of each target; of several under {@code <label>.<metric>}. */
  private SortedMap<String, Double> metrics(List<Tally> tallies, int epoch) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    for (int t = 0; t < tallies.size(); t++) {
      Target target = definition.targets().get(t);
      String prefix = tallies.size() == 1 ? "" : target.name() + ".";
      Tally tally = tallies.get(t);
      followed(target.task())
          // Of a label that no row of the part has there is none.
          .filter(name -> !Double.isNaN(tally.value(name)))
          .ifPresent(name -> metrics.put(prefix + name, tally.value(name)));
      stopping()
          .watched()
          .filter(watched -> watched.isOf(target))
          .map(watched -> watched.metric().name())
          .ifPresent(name -> metrics.put(prefix + name, tally.value(name)));
    }
    metrics.forEach((name, value) -> checkFinite("validation " + name, value, epoch));
    return metrics;
  }

  /** The metric that each epoch has whatever is watched; none of numbers. */
  private static Optional<String> followed(Task task) {
    return switch (task) {
      case BINARY, MULTICLASS, TAGS -> Optional.of("accuracy");
      case MULTILABEL -> Optional.of("microF1");
      case REGRESSION -> Optional.empty();
    };
  }

  private EarlyStopping stopping() {
    return settings.earlyStopping();
  }

  @Override
  public InvalidInput notFinite(double lossSum, int epoch) {
    return notFinite("training loss", lossSum, epoch);
  }

  private void checkFinite(String what, double value, int epoch) {
    if (!Double.isFinite(value)) {
      throw notFinite(what, value, epoch);
    }
  }

  private InvalidInput notFinite(String what, double value, int epoch) {
    String last =
        checkpoints == null
            ? ""
            : checkpoints.last().map(path -> "; the last good checkpoint is " + path).orElse("");
    return InvalidInput.data(
        ("train: the %s of epoch %d must be finite, got %s; the learning rate may be too"
                + " high, or a feature not scaled%s")
            .formatted(what, epoch, value, last));
  }
}
