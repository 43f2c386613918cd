package sluice.training;

import java.util.Collection;
import java.util.Objects;
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
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Require;
import sluice.network.Network;
import sluice.training.averaging.AveragingFrequency;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.examples.BatchedDataset;
import sluice.training.examples.ExampleStorage;

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
 * as it was, or as its last round left it where listeners were told of one. What is prepared of an
 * RDD is kept for the next fit of the same one, until another comes or {@link #deleteTempFiles},
 * which lets go of the network's replicas, too. The score is the mean loss of the examples trained,
 * without penalties.
 *
 * <p>Steps are computed as {@link Trainer} has them computed: of the same network, minibatches in
 * the same order and settings, the two come to the same parameters to the bit.
 *
 * <p>Networks must be of the data type FLOAT. Listeners are told on the driver, after each
 * averaging. Hooks and training statistics, which belong to Deeplearning4j's own workers, are
 * refused. Not thread-safe.
 */
public final class AveragingTrainingMaster
    implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {

  /** Builds a master. */
  public static final class Builder {
    private final int batchSize;
    private int workers = 4;
    private AveragingFrequency averagingFrequency = new AveragingFrequency.Fixed(10);
    private OuterOptimiser outer = new OuterOptimiser.Average();
    private UpdaterState updaterState = UpdaterState.AVERAGED;
    private TrainSettings.Engine engine = TrainSettings.Engine.COMPILED;
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

    /** What computes steps; compiled unless set, and then by Deeplearning4j where that cannot. */
    public Builder engine(TrainSettings.Engine engine) {
      this.engine = engine;
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
          new AveragingFits.Settings(
              batchSize,
              workers,
              averagingFrequency,
              outer,
              updaterState,
              engine,
              storageLevel,
              roundTimeoutSeconds,
              seed));
    }
  }

  private final AveragingFits.Settings settings;
  private final AveragingFits fits;

  private AveragingTrainingMaster(AveragingFits.Settings settings) {
    this.settings = settings;
    this.fits = new AveragingFits(settings);
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> trainingData) {
    train(network, fits.prepared(trainingData, () -> several(trainingData)));
  }

  @Override
  public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> trainingData) {
    train(graph, fits.prepared(trainingData, () -> several(trainingData)));
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> trainingData) {
    train(graph, fits.prepared(trainingData, () -> trainingData));
  }

  @Override
  public void executeTrainingPaths(
      @Nullable SparkDl4jMultiLayer network,
      @Nullable SparkComputationGraph graph,
      JavaRDD<String> paths,
      @Nullable DataSetLoader loader,
      @Nullable MultiDataSetLoader multiLoader) {
    BatchedDataset examples =
        fits.prepared(
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

  private void train(SparkDl4jMultiLayer spark, BatchedDataset examples) {
    Network network = Network.of(spark.getNetwork());
    spark.setScore(fits.fit(spark.getSparkContext(), network, examples));
  }

  private void train(SparkComputationGraph spark, BatchedDataset examples) {
    Network network = Network.of(spark.getNetwork());
    spark.setScore(fits.fit(spark.getSparkContext(), network, examples));
  }

  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    fits.release(spark);
    return true;
  }

  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    fits.release(JavaSparkContext.fromSparkContext(spark));
    return true;
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    fits.setListeners(listeners);
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
