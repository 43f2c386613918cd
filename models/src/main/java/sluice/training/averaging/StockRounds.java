package sluice.training.averaging;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.network.Network;
import sluice.training.examples.BlockReader;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Minibatches;
import sluice.training.examples.WorkerDataset;

/**
 * Deeplearning4j's own {@code ParameterAveragingTrainingMaster}, to be compared with: a round is
 * one fit of all examples, in data sets of the minibatches' size, its updater saved. It may leave
 * examples out, and says neither how many it trained nor computes the same each time.
 */
public final class StockRounds implements Rounds {
  private final JavaSparkContext spark;
  private final Network network;
  private final ParameterAveragingTrainingMaster master;
  private final int averagingFrequency;
  private final long examples;
  private final Fit fit;

  /** Fits once; the loss that it says. */
  private interface Fit {
    double run();
  }

  /**
   * What a round is.
   *
   * @param averagingFrequency minibatches between two averagings
   */
  public record Settings(
      int logicalWorkers,
      int batchSize,
      int averagingFrequency,
      UpdaterState updaterState,
      long seed) {}

  /**
   * @param network is trained itself
   * @param minibatchesEachEpoch of the worker that has most
   */
  public StockRounds(
      JavaSparkContext spark,
      WorkerDataset dealt,
      BlockReader reader,
      Network network,
      Settings settings,
      int minibatchesEachEpoch) {
    this.spark = spark;
    this.network = network;
    this.averagingFrequency = settings.averagingFrequency();
    this.examples = dealt.size();
    this.master =
        new ParameterAveragingTrainingMaster.Builder(
                settings.logicalWorkers(), settings.batchSize())
            .batchSizePerWorker(settings.batchSize())
            .averagingFrequency(averagingFrequency)
            .saveUpdater(settings.updaterState() == UpdaterState.AVERAGED)
            .rngSeed(settings.seed())
            .build();
    MinibatchRange whole =
        new MinibatchRange(0, 1, 0, minibatchesEachEpoch, minibatchesEachEpoch, 0);
    JavaRDD<MultiDataSet> sets =
        dealt
            .shards(reader)
            .of(whole)
            .mapPartitionsWithIndex(
                (worker, blocks) -> copies(reader.read(worker, blocks, whole)), true);
    // It exports an RDD once, as long as it is handed the same one.
    if (network.model() instanceof MultiLayerNetwork layers) {
      SparkDl4jMultiLayer trained = new SparkDl4jMultiLayer(spark, layers, master);
      JavaRDD<DataSet> single =
          sets.map(
              set ->
                  new DataSet(
                      set.getFeatures(0),
                      set.getLabels(0),
                      set.getFeaturesMaskArray(0),
                      set.getLabelsMaskArray(0)));
      this.fit =
          () -> {
            trained.fit(single);
            return trained.getScore();
          };
    } else {
      SparkComputationGraph trained =
          new SparkComputationGraph(spark, (ComputationGraph) network.model(), master);
      this.fit =
          () -> {
            trained.fitMultiDataSet(sets);
            return trained.getScore();
          };
    }
  }

  private static Iterator<MultiDataSet> copies(Minibatches minibatches) {
    return new Iterator<>() {
      private boolean there = minibatches.advance();

      @Override
      public boolean hasNext() {
        return there;
      }

      @Override
      public MultiDataSet next() {
        if (!there) {
          throw new NoSuchElementException();
        }
        MultiDataSet copy = minibatches.arrays().copy();
        there = minibatches.advance();
        if (!there) {
          minibatches.close();
        }
        return copy;
      }
    };
  }

  @Override
  public Outcome round(MinibatchRange range, String description) {
    int before = network.iteration();
    long begun = System.nanoTime();
    // Its score is the mean of its workers' last ones, with the penalties that each had at its own
    // parameters.
    double loss = fit.run() - network.penalty();
    int averagings = (network.iteration() - before) / averagingFrequency;
    // It does not say where its time goes.
    TimeBreakdown spent =
        new TimeBreakdown((System.nanoTime() - begun) / 1e9, spark.defaultParallelism(), 0, 0);
    return new Outcome(averagings, examples, loss * examples, 0, spent);
  }

  @Override
  public AveragingState state() {
    return new AveragingState(
        network.parameters(), new float[0], network.updaterState(), new float[0], new TreeMap<>());
  }

  @Override
  public void close() {
    master.deleteTempFiles(spark);
  }
}
