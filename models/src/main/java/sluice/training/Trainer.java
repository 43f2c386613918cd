package sluice.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.evaluation.Tally;
import sluice.network.Network;
import sluice.network.NetworkDefinition;
import sluice.network.Optimisation;
import sluice.network.Target;
import sluice.network.Target.Task;
import sluice.training.TrainSettings.EarlyStopping;

/**
 * Trains a network on a feature table by synchronous parameter averaging (local SGD: McDonald et
 * al. 2010, Stich 2019): logical workers start from the same parameters, each takes some steps on
 * minibatches of its own examples, and the parameters and updater states are averaged, weighted by
 * examples.
 *
 * <p>The same features, definition, settings and seed give the same parameters to the bit, whatever
 * the number of slots, partitions or executors, on one kind of processor.
 */
public final class Trainer {
  /** Of a training's time and in seconds, what may go into predicting it. */
  private static final double ADVICE_SHARE = 0.05;

  private static final double ADVICE_SECONDS = 10;

  /** What an array of bytes can hold for sure. */
  private static final int MOST_PARAMETERS = (Integer.MAX_VALUE - 16) / Float.BYTES;

  private final NetworkDefinition definition;
  private final TrainSettings settings;
  private final LabelUnits units;
  private final long seed;
  private final TrainingProgress progress;

  /** The parameters before the first round; null for random ones. */
  private final float @Nullable [] start;

  private final Accelerator accelerator;

  /**
   * A trainer for a label that is not scaled, or of classes.
   *
   * @param seed of the initial weights, the dealing out, the orders and dropout
   * @throws InvalidInput (configuration) if what early stopping watches does not fit the target
   */
  public Trainer(
      NetworkDefinition definition, TrainSettings settings, long seed, TrainingProgress progress) {
    this(definition, settings, scaled -> scaled, seed, progress);
  }

  /**
   * @param units in which the errors of numbers are measured
   * @param seed of the initial weights, the dealing out, the orders and dropout
   * @throws InvalidInput (configuration) if what early stopping watches does not fit the target
   */
  public Trainer(
      NetworkDefinition definition,
      TrainSettings settings,
      LabelUnits units,
      long seed,
      TrainingProgress progress) {
    this(fitting(definition, settings), settings, units, seed, progress, null, new Cuda());
  }

  /** The definition, if what is watched fits it. */
  private static NetworkDefinition fitting(NetworkDefinition definition, TrainSettings settings) {
    Target target = definition.target();
    settings
        .earlyStopping()
        .metric()
        .misfit(
            target.task() == Task.REGRESSION
                ? "a label of numbers"
                : "a label of %d classes".formatted(target.classCount()),
            Set.of(target.task()))
        .ifPresent(
            problem -> {
              throw InvalidInput.configuration("train." + problem);
            });
    return definition;
  }

  private Trainer(
      NetworkDefinition definition,
      TrainSettings settings,
      LabelUnits units,
      long seed,
      TrainingProgress progress,
      float @Nullable [] start,
      Accelerator accelerator) {
    this.definition = definition;
    this.settings = settings;
    this.units = units;
    this.seed = seed;
    this.progress = progress;
    this.start = start;
    this.accelerator = accelerator;
  }

  /**
   * A trainer that starts from these parameters instead of random ones (a warm start). The updater
   * and the outer optimiser start afresh. A training that goes on from a checkpoint takes all of it
   * from there.
   *
   * @param parameters as many as the network has, else training throws {@link InvalidInput} (data)
   */
  public Trainer from(float[] parameters) {
    return new Trainer(
        definition, settings, units, seed, progress, parameters.clone(), accelerator);
  }

  /** A trainer that takes this for the GPUs that there may be. */
  Trainer with(Accelerator other) {
    return new Trainer(definition, settings, units, seed, progress, start, other);
  }

  /**
   * Trains.
   *
   * @param train feature rows, added ones included: {@code key}, {@code label} and the groups
   * @param validation likewise; may be empty
   * @throws InvalidInput (data) if there is nothing to train on, a loss is not finite, or the
   *     validation part does not define what early stopping watches; (configuration) if the device
   *     that the settings ask for is not there, or executors compute on another
   */
  public TrainedNetwork train(Dataset<Row> train, Dataset<Row> validation) {
    return run(train, validation, null);
  }

  /**
   * Trains, going on from the latest sound checkpoint if there is one: the result is the same to
   * the bit as without a break. Checkpoints are written as the settings say; with master = stock
   * none are.
   *
   * @param checkpoints of a training of these features, this definition, these settings and seed
   * @throws InvalidInput (data) as without; says which is the last good checkpoint
   */
  public TrainedNetwork train(
      Dataset<Row> train, Dataset<Row> validation, Checkpoints checkpoints) {
    // The stock master does not go the same way twice.
    return run(
        train, validation, settings.master() == TrainSettings.Master.STOCK ? null : checkpoints);
  }

  /**
   * Measures some rounds and predicts how fast the training would be on how many slots; trains
   * nothing.
   *
   * @param train as for training
   * @param seconds that it may take
   * @throws InvalidInput (data) if there is nothing to train on; (configuration) with master =
   *     stock
   */
  public Advice advise(Dataset<Row> train, double seconds) {
    if (settings.master() == TrainSettings.Master.STOCK) {
      throw InvalidInput.configuration("train.master must be averaging for advice, got stock");
    }
    JavaSparkContext spark = new JavaSparkContext(train.sparkSession().sparkContext());
    DevicePin pin = pin(spark);
    TrainingPlan plan = plan(train);
    try (DealtExamples examples = examples(train, plan);
        DealtExamples none = dealt(train.limit(0), plan);
        Course course = new Course(spark, plan, examples, none, classWeights(train), null, pin)) {
      return course.adviser().measure(seconds);
    }
  }

  private TrainedNetwork run(
      Dataset<Row> train, Dataset<Row> validation, @Nullable Checkpoints checkpoints) {
    JavaSparkContext spark = new JavaSparkContext(train.sparkSession().sparkContext());
    DevicePin pin = pin(spark);
    TrainingPlan plan = plan(train);
    try (DealtExamples examples = examples(train, plan);
        DealtExamples held = dealt(validation, plan);
        Course course =
            new Course(spark, plan, examples, held, classWeights(train), checkpoints, pin)) {
      return course.run();
    }
  }

  private TrainingPlan plan(Dataset<Row> train) {
    return TrainingPlan.of(settings, definition.spec(), train::count);
  }

  private DealtExamples examples(Dataset<Row> train, TrainingPlan plan) {
    DealtExamples examples = dealt(train, plan);
    if (examples.size() == 0) {
      examples.close();
      throw InvalidInput.data("train: there must be at least 1 example, got 0");
    }
    return examples;
  }

  private DealtExamples dealt(Dataset<Row> rows, TrainingPlan plan) {
    return DealtExamples.of(
        rows, definition.layout(), plan.logicalWorkers(), settings.storageLevel(), seed);
  }

  /** What binds tasks to the training's device, which the executors are on. */
  private DevicePin pin(JavaSparkContext spark) {
    ComputeDevice device = ComputeDevice.choose(settings.device(), spark.sc().conf(), accelerator);
    if (device.kind() == ComputeDevice.Kind.GPU
        && settings.master() == TrainSettings.Master.STOCK) {
      throw InvalidInput.configuration(
          "train.master must be averaging on GPUs, got stock: Deeplearning4j's own does not keep tasks to the GPUs that Spark gives them");
    }
    DevicePin pin = new DevicePin(device.kind(), accelerator);
    pin.check(spark);
    return pin;
  }

  /**
   * Refuses a network that could not be kept once it is trained.
   *
   * @throws InvalidInput (configuration) if its parameters do not fit one array of bytes
   */
  static void requireFewEnough(long parameters) {
    if (parameters > MOST_PARAMETERS) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "model: the network must have at most %,d parameters, which a bundle's file of 2 GiB holds, has %,d",
              MOST_PARAMETERS,
              parameters));
    }
  }

  private float[] classWeights(Dataset<Row> train) {
    if (settings.classWeights() == TrainSettings.ClassWeights.NONE) {
      return new float[0];
    }
    int classes = definition.target().classCount();
    if (classes == 0) {
      throw InvalidInput.configuration(
          "train.class-weights balanced needs a label of classes, got a number");
    }
    long[] counts = new long[classes];
    long total = 0;
    for (Row row :
        train
            .groupBy(functions.col("label").cast("int"))
            .agg(functions.count("*"))
            .collectAsList()) {
      counts[row.getInt(0)] = row.getLong(1);
      total += row.getLong(1);
    }
    float[] weights = new float[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = counts[c] == 0 ? 0 : (float) ((double) total / classes / counts[c]);
    }
    return weights;
  }

  /** One training from its first round to its last. */
  private final class Course implements AutoCloseable {
    private final JavaSparkContext spark;
    private final TrainingPlan plan;
    private final DealtExamples examples;
    private final ValidationPass held;
    private final @Nullable Checkpoints checkpoints;
    private final Replicas.Lender lender;
    private final Shards<Block> shards;
    private final Function<Shards<Block>, Rounds> engines;
    private final Rounds engine;
    private final boolean resumed;
    private final int minibatchesEachEpoch;

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
    private Spent time = Spent.NONE;

    private long trainedInTime;
    private @Nullable Advice advice;
    private @Nullable Double validationLoss;
    private SortedMap<String, Double> validationMetrics = new TreeMap<>();
    private long since = System.nanoTime();

    Course(
        JavaSparkContext spark,
        TrainingPlan plan,
        DealtExamples examples,
        DealtExamples held,
        float[] classWeights,
        @Nullable Checkpoints checkpoints,
        DevicePin pin) {
      this.spark = spark;
      this.plan = plan;
      this.examples = examples;
      this.checkpoints = checkpoints;
      this.frequency = plan.averagingFrequency().first();
      this.minibatchesEachEpoch =
          Math.toIntExact((examples.most() + plan.batchSize() - 1) / plan.batchSize());
      Optimisation optimisation =
          new Optimisation(
              settings.updater().withLearningRate(plan.learningRate()),
              settings.gradientClipping(),
              settings.schedule(),
              (long) plan.epochs() * minibatchesEachEpoch,
              Objects.requireNonNullElse(plan.l2(), 0.0));
      String definitionJson = Json.write(definition);
      String optimisationJson = Json.write(optimisation);
      this.lender =
          new Replicas.Lender(
              UUID.randomUUID().toString(),
              () ->
                  Json.read(definitionJson, NetworkDefinition.class, "the network definition")
                      .initial(
                          Json.read(optimisationJson, Optimisation.class, "the optimisation"), 1)
                      .replica(),
              pin);
      this.held =
          new ValidationPass(
              spark,
              held,
              lender,
              new Validator(
                  definition.layout(),
                  definition.target(),
                  definition.spec().loss(),
                  metric(),
                  units));
      AveragingEngine.Settings averaging =
          new AveragingEngine.Settings(
              settings.updaterState(),
              settings.outer(),
              settings.ema(),
              seed,
              settings.roundTimeoutSeconds());
      Network initial = definition.initial(optimisation, seed);
      requireFewEnough(initial.model().numParams());
      Optional<Checkpoint> from = checkpoints == null ? Optional.empty() : checkpoints.latest();
      if (start != null && from.isEmpty()) {
        initial.setParameters(start);
      }
      AveragingState state =
          from.map(Checkpoint::state)
              .orElseGet(() -> AveragingState.initial(initial, averaging, plan.logicalWorkers()));
      BlockReader reader =
          new BlockReader(
              definition.layout(),
              definition.target(),
              classWeights,
              examples.sizes(),
              plan.batchSize(),
              seed);
      this.resumed = from.isPresent();
      this.shards = examples.shards(reader);
      this.engines =
          some ->
              new AveragingEngine<>(
                  spark,
                  some,
                  reader,
                  initial,
                  lender,
                  averaging,
                  AveragingState.initial(initial, averaging, plan.logicalWorkers()));
      this.engine =
          settings.master() == TrainSettings.Master.STOCK
              ? new StockRounds(
                  spark,
                  examples,
                  reader,
                  initial,
                  plan,
                  settings.updaterState(),
                  minibatchesEachEpoch,
                  seed)
              : new AveragingEngine<>(spark, shards, reader, initial, lender, averaging, state);
      this.best = from.map(Checkpoint::best).orElse(state.parameters());
      this.reference = from.map(Checkpoint::reference).orElse(new float[0]);
      from.ifPresent(checkpoint -> goOn(checkpoint.position()));
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

    @Override
    public void close() {
      engine.close();
      lender.release();
    }

    Adviser<Block> adviser() {
      return new Adviser<>(spark, shards, engines, plan, minibatchesEachEpoch, examples.size());
    }

    TrainedNetwork run() {
      if (!resumed) {
        held.requireDefined(metric());
      }
      if (!resumed && settings.master() == TrainSettings.Master.AVERAGING) {
        adviser()
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
          examples.size());
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
              new Stretch(
                  epoch,
                  epochs,
                  minibatch,
                  end,
                  minibatchesEachEpoch,
                  epoch * minibatchesEachEpoch),
              "train: epoch %d, minibatches %d to %d".formatted(epoch + 1, minibatch + 1, end));
      checkFinite("training loss", outcome.lossSum(), epoch + epochs);
      averagings += outcome.averagings();
      lossSum += outcome.lossSum();
      trained += outcome.examples();
      time = time.plus(outcome.spent());
      trainedInTime += outcome.examples();
      frequency =
          plan.averagingFrequency()
              .next(frequency, epochs * (end - minibatch), outcome.divergence());
      minibatch = end;
      progress.averaged(
          new Averaged(
              epoch + epochs,
              plan.epochs(),
              averagings,
              trained / epochs,
              examples.size(),
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
        validationMetrics = metrics(validation.tally(), last);
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

    private SortedMap<String, Double> metrics(Tally tally, int epoch) {
      SortedMap<String, Double> metrics = new TreeMap<>();
      if (definition.target().task() != Task.REGRESSION) {
        metrics.put("accuracy", tally.value("accuracy"));
      }
      metric().figure().ifPresent(figure -> metrics.put(figure, tally.value(figure)));
      metrics.forEach((name, value) -> checkFinite("validation " + name, value, epoch));
      return metrics;
    }

    private EarlyStopping.Metric metric() {
      return settings.earlyStopping().metric();
    }

    /** Without a validation part the latest is the best. */
    private boolean isBetter(EpochRecord candidate, EpochRecord best) {
      @Nullable Double now = watched(candidate);
      @Nullable Double before = watched(best);
      if (now == null || before == null) {
        return true;
      }
      return metric().gain(now, before) > settings.earlyStopping().minImprovement();
    }

    private @Nullable Double watched(EpochRecord epoch) {
      Optional<String> figure = metric().figure();
      return figure.isPresent()
          ? epoch.validationMetrics().get(figure.get())
          : epoch.validationLoss();
    }

    private void checkFinite(String what, double value, int epoch) {
      if (!Double.isFinite(value)) {
        String last =
            checkpoints == null
                ? ""
                : checkpoints
                    .last()
                    .map(path -> "; the last good checkpoint is " + path)
                    .orElse("");
        throw InvalidInput.data(
            ("train: the %s of epoch %d must be finite, got %s; the learning rate may be too"
                    + " high, or a feature not scaled%s")
                .formatted(what, epoch, value, last));
      }
    }
  }
}
