package sluice.training;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import sluice.adaptation.Adaptation;
import sluice.adaptation.AdaptedNetwork;
import sluice.data.InvalidInput;
import sluice.network.Natives;
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
  private final AdaptedNetwork network;
  private final RowTables tables;
  private final ValidationPass validation;
  private final Shards<Block> shards;
  private final Function<Shards<Block>, Rounds> engines;
  private final PhasedRounds engine;

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
   * @param adaptation how its network comes about, and its parameters before the first round, if
   *     there is no checkpoint
   */
  record Start(@Nullable Checkpoint checkpoint, Adaptation adaptation) {}

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
    network =
        start.adaptation().begin(definition.initial(optimisation, training.seed()), optimisation);
    requireFewEnough(network.largest().model().numParams());
    AveragingEngine.Settings averaging =
        new AveragingEngine.Settings(
            settings.updaterState(),
            settings.outer(),
            settings.ema(),
            training.seed(),
            settings.roundTimeoutSeconds(),
            0);
    Checkpoint from = start.checkpoint();
    int firstPhase = network.phaseOf(from == null ? 0 : from.position().epoch());
    Network first = network.network(firstPhase);
    requireSteps(first, settings);
    tables = settings.engine().replicas(first).tables();
    if (settings.master() == TrainSettings.Master.AVERAGING) {
      Network largest = network.largest();
      DriverRoom.of(
              largest,
              settings.updaterState(),
              settings.engine().replicas(largest).tables(),
              plan.logicalWorkers())
          .require(spark.sc().conf(), Runtime.getRuntime().maxMemory());
    }
    BlockReader reader =
        new BlockReader(
            definition.batcher().weighing(data.classWeights()),
            dealt.workerBlocks(),
            plan.batchSize(),
            training.seed());
    shards = dealt.shards(reader);
    engine =
        new PhasedRounds(
            spark,
            network,
            from == null ? 0 : from.position().epoch(),
            (phase, left) -> {
              Network own = network.network(phase);
              ReplicaPool.Lender lender =
                  new ReplicaPool.Lender(
                      UUID.randomUUID().toString(),
                      ReplicaPool.Factory.of(settings.engine().replicas(own)),
                      pin);
              if (settings.master() == TrainSettings.Master.STOCK) {
                return new PhasedRounds.Engine(
                    new StockRounds(
                        spark,
                        dealt,
                        reader,
                        own,
                        new StockRounds.Settings(
                            plan.logicalWorkers(),
                            plan.batchSize(),
                            plan.averagingFrequency().first(),
                            settings.updaterState(),
                            training.seed()),
                        minibatchesEachEpoch),
                    lender);
              }
              AveragingEngine.Settings settled =
                  averaging.withUpdaterStart(network.beginOf(phase) * minibatchesEachEpoch);
              AveragingState state =
                  left == null && from != null
                      ? from.state()
                      : AveragingState.initial(own, settled, plan.logicalWorkers());
              return new PhasedRounds.Engine(
                  new AveragingEngine<>(
                      spark,
                      shards,
                      reader,
                      own,
                      lender,
                      settled,
                      left == null ? state : left.withUpdaters(state)),
                  lender);
            });
    engines =
        some ->
            new AveragingEngine<>(
                spark,
                some,
                reader,
                first,
                engine.lender(),
                averaging,
                AveragingState.initial(first, averaging, plan.logicalWorkers()));
    validation =
        new ValidationPass(
            spark,
            data.held(),
            engine::lender,
            new Validator(
                definition.batcher(),
                definition.targets().stream()
                    .map(target -> definition.spec().lossOf(target.name()))
                    .toList(),
                settings.earlyStopping().tallied(definition.targets()),
                training.units(),
                plan.batchSize()));
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

  private static void requireSteps(Network network, TrainSettings settings) {
    if (settings.engine() == TrainSettings.Engine.DL4J || !Natives.load().cpu()) {
      network
          .frozenAboveVertex()
          .ifPresent(
              layer -> {
                throw InvalidInput.configuration(
                    "train.engine must be compiled, and on CPUs, where a frozen layer reads a vertex that is no layer, as %s does: Deeplearning4j's own steps fail there, got %s"
                        .formatted(layer, settings.engine()));
              });
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

  /**
   * The most epochs that one round may cover: while other layers may learn in the next, one.
   *
   * @param plan what the plan says
   */
  int mostEpochsOfARound(int plan) {
    return network.phases() == 1 ? plan : 1;
  }

  /** The parameters of the network that comes of the one that is trained. */
  float[] merged(float[] trained) {
    return network.merged(trained);
  }

  /** What trains the network, from where it starts. */
  Rounds engine() {
    return engine;
  }

  /** Whether rounds overwrite the arrays that those before them left. */
  boolean roundsOverwrite() {
    return tables.learn();
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
  }
}
