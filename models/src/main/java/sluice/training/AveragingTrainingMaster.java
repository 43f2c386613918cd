package sluice.training;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.datavec.spark.util.BroadcastHadoopConfigHolder;
import org.datavec.spark.util.SerializableHadoopConfig;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.data.loader.RemoteFileSource;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Require;
import sluice.network.Network;
import sluice.training.averaging.AveragingEngine;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.AveragingState;
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
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.MinibatchReader;
import sluice.training.examples.PortableMinibatch;
import sluice.training.examples.Shards;

/**
 * Parameter averaging for any Deeplearning4j program on Spark, in the place of its own {@code
 * ParameterAveragingTrainingMaster}:
 *
 * <pre>{@code
 * TrainingMaster<?, ?> master = new AveragingTrainingMaster.Builder(32).workers(8).build();
 * SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark, configuration, master);
 * for (int epoch = 0; epoch < 10; epoch++) {
 *   network.fit(examples);
 * }
 * }</pre>
 *
 * <p>A fit trains every example exactly once, remainders included, whatever the sizes of the data
 * sets: an example is identified by its partition and its position there, consecutive ones make a
 * minibatch of the given size, and the minibatches are dealt out in turn to the logical workers,
 * which each go through theirs in an order that the seed and the epoch decide. Averages are
 * weighted by examples and combined in a fixed order. The same data in the same partitions, network
 * and settings therefore give the same parameters to the bit, on however many executors.
 *
 * <p>After a fit the network has the averaged parameters and updater state, and its iteration count
 * has gone up by the minibatches of the worker that had most. A fit that fails leaves the network
 * as it was. What is prepared of an RDD is kept for the next fit of the same one, until another
 * comes or {@link #deleteTempFiles}. The score is the mean loss of the examples trained, without
 * penalties.
 *
 * <p>Networks must be of the data type FLOAT. Listeners are told on the driver, after each
 * averaging. Hooks and training statistics, which belong to Deeplearning4j's own workers, are
 * refused. Not thread-safe.
 */
public final class AveragingTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {

  /** What a master is built with, and its JSON. */
  private record Settings(
      int batchSize,
      int workers,
      AveragingFrequency averagingFrequency,
      OuterOptimiser outer,
      UpdaterState updaterState,
      ExampleStorage storageLevel,
      int roundTimeoutSeconds,
      long seed) {}

  /** Builds a master. */
  public static final class Builder {
    private final int batchSize;
    private int workers = 4;
    private AveragingFrequency averagingFrequency = new AveragingFrequency.Fixed(10);
    private OuterOptimiser outer = new OuterOptimiser.Average();
    private UpdaterState updaterState = UpdaterState.AVERAGED;
    private ExampleStorage storageLevel = ExampleStorage.MEMORY_AND_DISK;
    private int roundTimeoutSeconds;
    private long seed = 42;

    /**
     * @param batchSize examples of a minibatch of one logical worker
     */
    public Builder(int batchSize) {
      this.batchSize = batchSize;
    }

    /** Logical workers, 4 unless set; the result depends on their number, not on cores. */
    public Builder workers(int workers) {
      this.workers = workers;
      return this;
    }

    /** Minibatches of each worker between two averagings, 10 unless set. */
    public Builder averagingFrequency(int minibatches) {
      return averagingFrequency(new AveragingFrequency.Fixed(minibatches));
    }

    /** Minibatches of each worker between two averagings. */
    public Builder averagingFrequency(AveragingFrequency averagingFrequency) {
      this.averagingFrequency = averagingFrequency;
      return this;
    }

    /** Where the parameters go after an averaging; the average unless set. */
    public Builder outer(OuterOptimiser outer) {
      this.outer = outer;
      return this;
    }

    /** What becomes of the updater's state at an averaging; averaged unless set. */
    public Builder updaterState(UpdaterState updaterState) {
      this.updaterState = updaterState;
      return this;
    }

    /** Where examples are kept between rounds; in memory, then on disk unless set. */
    public Builder storageLevel(ExampleStorage storageLevel) {
      this.storageLevel = storageLevel;
      return this;
    }

    /** Seconds after which a round is given up; 0, as it is unless set, for never. */
    public Builder roundTimeoutSeconds(int roundTimeoutSeconds) {
      this.roundTimeoutSeconds = roundTimeoutSeconds;
      return this;
    }

    /** Of dropout and of the order of minibatches. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * The master.
     *
     * @throws InvalidInput (configuration) with every setting that breaks its rule
     */
    public AveragingTrainingMaster build() {
      new Require()
          .atLeast("batchSize", batchSize, 1)
          .atLeast("workers", workers, 1)
          .atLeast("roundTimeoutSeconds", roundTimeoutSeconds, 0)
          .hold();
      return new AveragingTrainingMaster(
          new Settings(
              batchSize,
              workers,
              averagingFrequency,
              outer,
              updaterState,
              storageLevel,
              roundTimeoutSeconds,
              seed));
    }
  }

  /** What was prepared of an RDD. */
  private record Prepared(SparkContext spark, int rdd, BatchedDataset examples) {}

  /** What the rounds of a network leave to its next fit. */
  private record Course(
      Model model, ReplicaPool.Lender lender, AveragingState state, int frequency) {}

  private final Settings settings;
  private List<TrainingListener> listeners = List.of();
  private @Nullable Prepared prepared;
  private @Nullable Course course;

  private AveragingTrainingMaster(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> trainingData) {
    train(network, prepare(trainingData, () -> several(trainingData)));
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> trainingData) {
    train(graph, prepare(trainingData, () -> several(trainingData)));
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> trainingData) {
    train(graph, prepare(trainingData, () -> trainingData));
  }

  @Override
  public void executeTrainingPaths(
      @Nullable SparkDl4jMultiLayer network,
      @Nullable SparkComputationGraph graph,
      JavaRDD<String> paths,
      @Nullable DataSetLoader loader,
      @Nullable MultiDataSetLoader multiLoader) {
    BatchedDataset examples =
        prepare(
            paths,
            () -> {
              Broadcast<SerializableHadoopConfig> hadoop =
                  BroadcastHadoopConfigHolder.get(
                      JavaSparkContext.fromSparkContext(paths.context()));
              if (loader != null) {
                return paths.map(path -> loader.load(source(path, hadoop)).toMultiDataSet());
              }
              MultiDataSetLoader several = Objects.requireNonNull(multiLoader, "a loader");
              return paths.map(path -> several.load(source(path, hadoop)));
            });
    if (network != null) {
      train(network, examples);
    } else {
      train(Objects.requireNonNull(graph, "a network"), examples);
    }
  }

  private static RemoteFileSource source(String path, Broadcast<SerializableHadoopConfig> hadoop)
      throws java.io.IOException {
    FileSystem files = new Path(path).getFileSystem(hadoop.value().getConfiguration());
    return new RemoteFileSource(path, files, 1 << 20);
  }

  private static JavaRDD<MultiDataSet> several(JavaRDD<DataSet> sets) {
    return sets.map(DataSet::toMultiDataSet);
  }

  private BatchedDataset prepare(JavaRDD<?> source, Supplier<JavaRDD<MultiDataSet>> sets) {
    if (prepared != null && prepared.rdd == source.id() && prepared.spark == source.context()) {
      return prepared.examples;
    }
    release();
    BatchedDataset examples =
        BatchedDataset.of(sets.get(), settings.batchSize, settings.workers, settings.storageLevel);
    prepared = new Prepared(source.context(), source.id(), examples);
    return examples;
  }

  private void train(SparkDl4jMultiLayer spark, BatchedDataset examples) {
    String json = spark.getNetwork().getLayerWiseConfigurations().toJson();
    spark.setScore(
        train(
            spark.getSparkContext(),
            Network.of(spark.getNetwork()),
            () -> Network.of(MultiLayerConfiguration.fromJson(json)).weighted(),
            examples));
  }

  private void train(SparkComputationGraph spark, BatchedDataset examples) {
    String json = spark.getNetwork().getConfiguration().toJson();
    spark.setScore(
        train(
            spark.getSparkContext(),
            Network.of(spark.getNetwork()),
            () -> Network.of(ComputationGraphConfiguration.fromJson(json)).weighted(),
            examples));
  }

  /** One epoch; its mean loss. */
  private double train(
      JavaSparkContext spark,
      Network network,
      ReplicaPool.Factory factory,
      BatchedDataset examples) {
    DataType type = network.model().params().dataType();
    if (type != DataType.FLOAT) {
      throw InvalidInput.configuration(
          "AveragingTrainingMaster: the network must be of the data type FLOAT, got " + type);
    }
    if (examples.examples() == 0) {
      throw InvalidInput.data("AveragingTrainingMaster: there must be at least 1 example, got 0");
    }
    AveragingEngine.Settings averaging =
        new AveragingEngine.Settings(
            settings.updaterState,
            settings.outer,
            new WeightAverage.None(),
            settings.seed,
            settings.roundTimeoutSeconds);
    Accelerator accelerator = new Cuda();
    ComputeDevice device = ComputeDevice.choose(Device.AUTO, spark.sc().conf(), accelerator);
    DevicePin pin = new DevicePin(device.kind(), accelerator);
    Course before = courseOf(network, factory, pin, averaging);
    AveragingEngine<PortableMinibatch> engine =
        new AveragingEngine<>(
            spark,
            Shards.whole(examples.minibatches()),
            new MinibatchReader(settings.seed),
            network,
            before.lender,
            averaging,
            before.state);
    int each = (examples.count() + settings.workers - 1) / settings.workers;
    int iteration = network.iteration();
    int epoch = network.epoch();
    int frequency = before.frequency;
    double lossSum = 0;
    for (int from = 0; from < each; ) {
      int end = (int) Math.min(each, (long) from + frequency);
      Rounds.Outcome round =
          engine.round(
              new MinibatchRange(epoch, 1, from, end, each, iteration),
              "fit: epoch %d, minibatches %d to %d of %d"
                  .formatted(epoch + 1, from + 1, end, each));
      if (!Double.isFinite(round.lossSum())) {
        throw InvalidInput.data(
            "AveragingTrainingMaster: the loss of epoch %d must be finite, got %s"
                .formatted(epoch + 1, round.lossSum()));
      }
      lossSum += round.lossSum();
      frequency = settings.averagingFrequency.next(frequency, end - from, round.divergence());
      from = end;
      tell(network, engine, iteration + end, epoch, round);
    }
    put(network, engine.state(), iteration + each, epoch);
    course = new Course(network.model(), before.lender, engine.state(), frequency);
    return lossSum / examples.examples();
  }

  private Course courseOf(
      Network network,
      ReplicaPool.Factory factory,
      DevicePin pin,
      AveragingEngine.Settings averaging) {
    AveragingState fresh = AveragingState.initial(network, averaging, settings.workers);
    if (course != null && course.model == network.model()) {
      // Parameters may have been changed in between; what only the rounds know goes on.
      return new Course(
          course.model,
          course.lender,
          new AveragingState(
              fresh.parameters(),
              fresh.average(),
              fresh.updaterState(),
              course.state.velocity().clone(),
              course.state.localStates()),
          course.frequency);
    }
    return new Course(
        network.model(),
        new ReplicaPool.Lender(UUID.randomUUID().toString(), factory, pin),
        fresh,
        settings.averagingFrequency.first());
  }

  /** Listeners are shown the network as it was averaged. */
  private void tell(
      Network network, AveragingEngine<?> engine, int iteration, int epoch, Rounds.Outcome round) {
    if (listeners.isEmpty()) {
      return;
    }
    put(network, engine.state(), iteration, epoch);
    network.setScore(round.lossSum() / round.examples());
    for (TrainingListener listener : listeners) {
      listener.iterationDone(network.model(), iteration, epoch);
    }
  }

  private static void put(Network network, AveragingState state, int iteration, int epoch) {
    network.setParameters(state.parameters());
    network.setUpdaterState(state.meanUpdaterState());
    network.setCounters(iteration, epoch);
  }

  private void release() {
    if (prepared != null) {
      prepared.examples.close();
      prepared = null;
    }
  }

  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    release();
    return true;
  }

  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    release();
    return true;
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    this.listeners = new ArrayList<>(listeners);
  }

  @Override
  public void setListeners(
      @Nullable StatsStorageRouter router, Collection<TrainingListener> listeners) {
    setListeners(listeners);
  }

  @Override
  public String toJson() {
    return Json.write(settings);
  }

  /** The JSON, which is YAML too. */
  @Override
  public String toYaml() {
    return toJson();
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw new UnsupportedOperationException(
        "AveragingTrainingMaster has no hooks: they belong to Deeplearning4j's own workers");
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw new UnsupportedOperationException("AveragingTrainingMaster has no hooks");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
    throw new UnsupportedOperationException("AveragingTrainingMaster has workers of its own");
  }

  @Override
  public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
    throw new UnsupportedOperationException("AveragingTrainingMaster has workers of its own");
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw new UnsupportedOperationException(
          "AveragingTrainingMaster collects no statistics: Spark's own pages show each round");
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public @Nullable SparkTrainingStats getTrainingStats() {
    return null;
  }
}
