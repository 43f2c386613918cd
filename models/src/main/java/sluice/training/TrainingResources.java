package sluice.training;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.RowTables;
import sluice.network.spec.NetworkDefinition;
import sluice.training.averaging.AveragingEngine;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.DriverRoom;
import sluice.training.averaging.ReplicaPool;
import sluice.training.averaging.Rounds;
import sluice.training.averaging.StockRounds;
import sluice.training.checkpoint.Checkpoint;
import sluice.training.device.DevicePin;
import sluice.training.examples.Block;
import sluice.training.examples.BlockReader;
import sluice.training.examples.Shards;
import sluice.training.examples.WorkerDataset;

/**
 * What a training computes with: replicas of its network, rounds on its examples, and measurements
 * on its validation part.
 */
final class TrainingResources implements AutoCloseable {
  /** What an array of bytes can hold for sure. */
  private static final int MOST_PARAMETERS = (Integer.MAX_VALUE - 16) / Float.BYTES;

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final long examples;
  private final int minibatchesEachEpoch;
  private final RowTables tables;
  private final ReplicaPool.Lender lender;
  private final ValidationPass validation;
  private final Shards<Block> shards;
  private final Function<Shards<Block>, Rounds> engines;
  private final Rounds engine;

  /**
   * What is trained, and how.
   *
   * @param units in which the errors of numbers are measured, for each target
   * @param seed of the initial weights, the orders and dropout
   */
  record Training(
      NetworkDefinition definition,
      TrainSettings settings,
      TrainingPlan plan,
      List<LabelUnits> units,
      long seed) {}

  /**
   * What it is trained and measured on.
   *
   * @param held the validation part; may be empty
   * @param classWeights for each target what an example of each class counts for, or empty
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over and never compared
  record Data(WorkerDataset examples, WorkerDataset held, float[][] classWeights) {}

  /**
   * Where it starts.
   *
   * @param checkpoint that it goes on from; null for none
   * @param parameters before the first round, if there is no checkpoint; null for random ones
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over and never compared
  record Start(@Nullable Checkpoint checkpoint, float @Nullable [] parameters) {}

  /**
   * @param pin binds tasks to the training's device
   * @throws InvalidInput (configuration) if the network is too large to be kept; (data) if the
   *     start has other parameters than the network
   */
  TrainingResources(
      JavaSparkContext spark, Training training, Data data, Start start, DevicePin pin) {
    NetworkDefinition definition = training.definition();
    TrainSettings settings = training.settings();
    WorkerDataset dealt = data.examples();
    this.spark = spark;
    this.plan = training.plan();
    this.examples = dealt.size();
    this.minibatchesEachEpoch =
        Math.toIntExact((dealt.most() + plan.batchSize() - 1) / plan.batchSize());
    Optimisation optimisation =
        new Optimisation(
            settings.updater().withLearningRate(plan.learningRate()),
            settings.gradientClipping(),
            settings.schedule(),
            (long) plan.epochs() * minibatchesEachEpoch);
    Network initial = definition.initial(optimisation, training.seed());
    requireFewEnough(initial.model().numParams());
    ReplicaPool.Factory replicas = ReplicaPool.Factory.of(settings.engine().replicas(initial));
    this.tables = replicas.tables();
    this.lender = new ReplicaPool.Lender(UUID.randomUUID().toString(), replicas, pin);
    this.validation =
        new ValidationPass(
            spark,
            data.held(),
            lender,
            new Validator(
                definition.batcher(),
                definition.targets().stream()
                    .map(target -> definition.spec().lossOf(target.name()))
                    .toList(),
                settings.earlyStopping().tallied(definition.targets()),
                training.units(),
                plan.batchSize()));
    AveragingEngine.Settings averaging =
        new AveragingEngine.Settings(
            settings.updaterState(),
            settings.outer(),
            settings.ema(),
            training.seed(),
            settings.roundTimeoutSeconds());
    if (settings.master() == TrainSettings.Master.AVERAGING) {
      DriverRoom.of(initial, settings.updaterState(), tables, plan.logicalWorkers())
          .require(spark.sc().conf(), Runtime.getRuntime().maxMemory());
    }
    float[] parameters = start.parameters();
    Checkpoint from = start.checkpoint();
    if (parameters != null && from == null) {
      initial.setParameters(parameters);
    }
    AveragingState state =
        from == null
            ? AveragingState.initial(initial, averaging, plan.logicalWorkers())
            : from.state();
    BlockReader reader =
        new BlockReader(
            definition.batcher().weighing(data.classWeights()),
            dealt.workerBlocks(),
            plan.batchSize(),
            training.seed());
    this.shards = dealt.shards(reader);
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
                dealt,
                reader,
                initial,
                new StockRounds.Settings(
                    plan.logicalWorkers(),
                    plan.batchSize(),
                    plan.averagingFrequency().first(),
                    settings.updaterState(),
                    training.seed()),
                minibatchesEachEpoch)
            : new AveragingEngine<>(spark, shards, reader, initial, lender, averaging, state);
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

  /** How many examples an epoch trains. */
  long examples() {
    return examples;
  }

  /** Of the worker that has most. */
  int minibatchesEachEpoch() {
    return minibatchesEachEpoch;
  }

  ValidationPass validation() {
    return validation;
  }

  /** What trains the network, from where it starts. */
  Rounds engine() {
    return engine;
  }

  /** Whether rounds overwrite the arrays that those before them left. */
  boolean roundsOverwrite() {
    return !tables.isEmpty();
  }

  /** An array that a round left, or a copy that no round overwrites. */
  float[] kept(float[] left) {
    return roundsOverwrite() ? left.clone() : left;
  }

  /** What measures rounds of such a training, without a trace in the engine. */
  Adviser<Block> adviser() {
    return new Adviser<>(
        spark, shards, engines, tables, plan, new Adviser.Epoch(minibatchesEachEpoch, examples));
  }

  @Override
  public void close() {
    engine.close();
    lender.release(spark);
  }
}
