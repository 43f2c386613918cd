package sluice.training;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.training.averaging.AveragingEngine;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.AveragingState;
import sluice.training.averaging.DriverRoom;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.ReplicaPool;
import sluice.training.averaging.Rounds;
import sluice.training.averaging.UpdaterState;
import sluice.training.averaging.WeightAverage;
import sluice.training.device.Accelerator;
import sluice.training.device.ComputeDevice;
import sluice.training.device.Cuda;
import sluice.training.device.Device;
import sluice.training.device.DevicePin;
import sluice.training.examples.BatchedDataset;
import sluice.training.examples.ExampleStorage;
import sluice.training.examples.MinibatchReader;
import sluice.training.examples.PortableMinibatch;
import sluice.training.examples.Shards;

/**
 * The fits of an {@link AveragingTrainingMaster}, each an epoch in the {@link TrainingLoop}, and
 * what one leaves to the next: the examples of an RDD, and of a network what only its rounds know.
 */
final class AveragingFits {

  /** What a master is built with, and its JSON. */
  record Settings(
      int batchSize,
      int workers,
      AveragingFrequency averagingFrequency,
      OuterOptimiser outer,
      UpdaterState updaterState,
      TrainSettings.Engine engine,
      ExampleStorage storageLevel,
      int roundTimeoutSeconds,
      long seed) {

    private AveragingEngine.Settings averaging() {
      return new AveragingEngine.Settings(
          updaterState, outer, new WeightAverage.None(), seed, roundTimeoutSeconds, 0);
    }
  }

  /** What was prepared of an RDD. */
  private record Prepared(SparkContext spark, int rdd, BatchedDataset examples) {}

  /**
   * What the rounds of a network alone know, and its next fit begins with.
   *
   * @param velocity of the outer optimiser
   * @param localStates the updater's of each worker, where each keeps its own
   * @param frequency minibatches of the next round
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over and never compared
  private record FitState(
      Model model,
      ReplicaPool.Lender lender,
      float[] velocity,
      SortedMap<Integer, float[]> localStates,
      int frequency) {}

  private final Settings settings;
  private List<TrainingListener> listeners = List.of();
  private @Nullable Prepared prepared;
  private @Nullable FitState state;

  AveragingFits(Settings settings) {
    this.settings = settings;
  }

  void setListeners(Collection<TrainingListener> told) {
    listeners = List.copyOf(told);
  }

  /**
   * The examples of an RDD, cut and dealt out once, as long as it is the same one.
   *
   * @param source tells which one it is
   * @param sets what it holds
   */
  BatchedDataset prepared(JavaRDD<?> source, Supplier<JavaRDD<MultiDataSet>> sets) {
    if (prepared != null && prepared.rdd == source.id() && prepared.spark == source.context()) {
      return prepared.examples;
    }
    releaseExamples();
    BatchedDataset examples =
        BatchedDataset.of(sets.get(), settings.batchSize, settings.workers, settings.storageLevel);
    prepared = new Prepared(source.context(), source.id(), examples);
    return examples;
  }

  /** Lets go of examples, and of the replicas of the network that was trained last. */
  void release(JavaSparkContext spark) {
    releaseExamples();
    if (state != null) {
      state.lender.release(spark);
    }
  }

  private void releaseExamples() {
    if (prepared != null) {
      prepared.examples.close();
      prepared = null;
    }
  }

  /**
   * Trains a network for an epoch.
   *
   * @param network gets the averaged parameters and updater's state
   * @return the mean loss
   * @throws InvalidInput (configuration) if the network is not of the data type FLOAT, is too large
   *     for the driver, or executors compute otherwise than it; (data) if there is no example, or
   *     the loss is not finite
   */
  double fit(JavaSparkContext spark, Network network, BatchedDataset examples) {
    DataType type = network.model().params().dataType();
    if (type != DataType.FLOAT) {
      throw InvalidInput.configuration(
          "AveragingTrainingMaster: the network must be of the data type FLOAT, got " + type);
    }
    if (examples.examples() == 0) {
      throw InvalidInput.data("AveragingTrainingMaster: there must be at least 1 example, got 0");
    }
    AveragingState fresh = AveragingState.initial(network, settings.averaging(), settings.workers);
    FitState before = state(spark, network, fresh);
    state = before;
    // Its program may have changed the network in between.
    AveragingState start =
        new AveragingState(
            fresh.parameters(),
            fresh.average(),
            fresh.updaterState(),
            before.velocity.clone(),
            before.localStates);
    int each = (examples.count() + settings.workers - 1) / settings.workers;
    int epoch = network.epoch();
    try (AveragingEngine<PortableMinibatch> engine =
        new AveragingEngine<>(
            spark,
            Shards.whole(examples.minibatches()),
            new MinibatchReader(settings.seed),
            network,
            before.lender,
            settings.averaging(),
            start)) {
      Fit fit = new Fit(network, engine);
      TrainingCursor end =
          new TrainingLoop(
                  engine,
                  new TrainingLoop.Epochs("fit", epoch, epoch + 1, each, network.iteration(), 1),
                  settings.averagingFrequency,
                  TrainingCursor.before(epoch, before.frequency),
                  fit)
              .run();
      fit.put(each);
      AveragingState after = engine.state();
      state =
          new FitState(
              network.model(),
              before.lender,
              after.velocity(),
              after.localStates(),
              end.frequency());
      return fit.lossSum / examples.examples();
    }
  }

  /** What the last fit of the network came to; of another network, what there is at its start. */
  private FitState state(JavaSparkContext spark, Network network, AveragingState fresh) {
    FitState last = state;
    if (last != null && last.model == network.model()) {
      return last;
    }
    if (last != null) {
      last.lender.release(spark);
    }
    Accelerator accelerator = new Cuda();
    ComputeDevice device = ComputeDevice.choose(Device.AUTO, spark.sc().conf(), accelerator);
    DevicePin pin = DevicePin.of(device.kind(), accelerator);
    pin.check(spark);
    ReplicaPool.Factory replicas = ReplicaPool.Factory.of(settings.engine.replicas(network));
    DriverRoom.of(network, settings.updaterState, replicas.tables(), settings.workers)
        .require(spark.sc().conf(), Runtime.getRuntime().maxMemory());
    return new FitState(
        network.model(),
        new ReplicaPool.Lender(UUID.randomUUID().toString(), replicas, pin),
        fresh.velocity(),
        fresh.localStates(),
        settings.averagingFrequency.first());
  }

  /** One fit: shows listeners the network as it was averaged. */
  private final class Fit implements TrainingLoop.Observer {
    private final Network network;
    private final Rounds engine;
    private final int firstIteration;
    private final int epoch;
    private double lossSum;

    Fit(Network network, Rounds engine) {
      this.network = network;
      this.engine = engine;
      this.firstIteration = network.iteration();
      this.epoch = network.epoch();
    }

    @Override
    public void averaged(Rounds.Outcome round, TrainingCursor cursor) {
      lossSum = cursor.lossSum();
      if (listeners.isEmpty()) {
        return;
      }
      put(cursor.minibatch());
      network.setScore(round.lossSum() / round.examples());
      for (TrainingListener listener : listeners) {
        listener.iterationDone(network.model(), firstIteration + cursor.minibatch(), epoch);
      }
    }

    /** Overwrites the network by what rounds up to a minibatch have left. */
    void put(int minibatch) {
      AveragingState state = engine.state();
      network.setParameters(state.parameters());
      network.setUpdaterState(state.meanUpdaterState());
      network.setCounters(firstIteration + minibatch, epoch);
    }

    @Override
    public boolean epochsEnded(TrainingCursor cursor) {
      return false;
    }

    @Override
    public void roundEnded(TrainingCursor cursor, boolean last) {
      // The program that calls fits keeps the network.
    }

    @Override
    public InvalidInput notFinite(double loss, int number) {
      return InvalidInput.data(
          "AveragingTrainingMaster: the loss of epoch %d must be finite, got %s"
              .formatted(number, loss));
    }
  }
}
