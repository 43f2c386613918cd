package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.testing.LocalSpark;
import sluice.training.examples.MinibatchReader;

class AveragingTrainingMasterTest {
  private static final int INPUTS = 5;

  /** The two kinds of networks, and how Deeplearning4j trains each on Spark. */
  enum Kind {
    LAYERS {
      @Override
      Network network(IUpdater updater, double keep) {
        return Network.of(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(updater)
                .list()
                .layer(hidden())
                .layer(output(keep))
                .build());
      }

      @Override
      Network fit(Network network, JavaRDD<DataSet> data, TrainingMaster<?, ?> master, int epochs) {
        SparkDl4jMultiLayer spark =
            new SparkDl4jMultiLayer(context(), (MultiLayerNetwork) network.model(), master);
        for (int epoch = 0; epoch < epochs; epoch++) {
          spark.fit(data);
        }
        return Network.of(spark.getNetwork());
      }
    },
    GRAPH {
      @Override
      Network network(IUpdater updater, double keep) {
        return Network.of(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("out", output(keep), "hidden")
                .setOutputs("out")
                .build());
      }

      @Override
      Network fit(Network network, JavaRDD<DataSet> data, TrainingMaster<?, ?> master, int epochs) {
        SparkComputationGraph spark =
            new SparkComputationGraph(context(), (ComputationGraph) network.model(), master);
        for (int epoch = 0; epoch < epochs; epoch++) {
          spark.fit(data);
        }
        return Network.of(spark.getNetwork());
      }
    };

    abstract Network network(IUpdater updater, double keep);

    abstract Network fit(
        Network network, JavaRDD<DataSet> data, TrainingMaster<?, ?> master, int epochs);
  }

  private static DenseLayer hidden() {
    return new DenseLayer.Builder().nIn(INPUTS).nOut(8).activation(Activation.TANH).build();
  }

  private static OutputLayer output(double keep) {
    OutputLayer.Builder builder =
        new OutputLayer.Builder(new LossMCXENT()).nIn(8).nOut(3).activation(Activation.SOFTMAX);
    return (keep < 1 ? builder.dropOut(keep) : builder).build();
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  private static DataSet examples(int from, int to) {
    float[] features = new float[(to - from) * INPUTS];
    float[] labels = new float[(to - from) * 3];
    for (int i = from; i < to; i++) {
      Random random = new Random(1000 + i);
      float sum = 0;
      for (int j = 0; j < INPUTS; j++) {
        float value = (float) random.nextGaussian();
        features[(i - from) * INPUTS + j] = value;
        sum += value;
      }
      labels[(i - from) * 3 + (sum < -1 ? 0 : sum < 1 ? 1 : 2)] = 1;
    }
    return new DataSet(
        FloatArrays.create(features, to - from, INPUTS), FloatArrays.create(labels, to - from, 3));
  }

  /** Examples 0 to count in data sets of these sizes in turn, in so many partitions. */
  private static JavaRDD<DataSet> data(int count, int partitions, int... sizes) {
    List<int[]> ranges = new ArrayList<>();
    for (int from = 0, i = 0; from < count; i++) {
      int to = Math.min(count, from + sizes[i % sizes.length]);
      ranges.add(new int[] {from, to});
      from = to;
    }
    // Built where it is needed, so that no INDArray is serialised.
    return context().parallelize(ranges, partitions).map(range -> examples(range[0], range[1]));
  }

  private static AveragingTrainingMaster.Builder master(int batchSize) {
    return new AveragingTrainingMaster.Builder(batchSize);
  }

  /** Rounds of one minibatch each, plain descent: a step on the joined minibatches of a round. */
  @ParameterizedTest
  @EnumSource
  void averagingEachMinibatchEqualsOneMachineOnTheJoinedBatch(Kind kind) {
    int workers = 4;
    int batch = 8;
    int count = 3 * workers * batch;
    Network spark = kind.network(new Sgd(0.3), 1);
    kind.fit(
        spark,
        data(count, 3, 5, 20),
        master(batch).workers(workers).averagingFrequency(1).seed(9).build(),
        2);

    Network single = kind.network(new Sgd(0.3), 1);
    for (int epoch = 0; epoch < 2; epoch++) {
      for (int place : MinibatchReader.order(9, epoch, 3)) {
        int from = place * workers * batch;
        single.fit(examples(from, from + workers * batch).toMultiDataSet());
      }
    }
    assertThat(spark.parameters()).containsExactly(single.parameters(), within(1e-6f));
    assertThat(spark.iteration()).isEqualTo(6);
    assertThat(spark.epoch()).isEqualTo(2);
  }

  /**
   * Deeplearning4j's own master is right where each worker gets one data set in one split. With
   * Adam the two then agree as well, step count included.
   */
  @ParameterizedTest
  @EnumSource
  void equalsTheStockMasterWhereThatIsRight(Kind kind) {
    int workers = 3;
    int batch = 10;
    for (IUpdater updater : new IUpdater[] {new Sgd(0.5), new Adam(0.05)}) {
      Network stock = kind.network(updater.clone(), 1);
      kind.fit(
          stock,
          data(workers * batch, workers, batch),
          new ParameterAveragingTrainingMaster.Builder(workers, batch)
              .batchSizePerWorker(batch)
              .averagingFrequency(1)
              .saveUpdater(true)
              .rddTrainingApproach(RDDTrainingApproach.Direct)
              .build(),
          1);
      Network ours = kind.network(updater.clone(), 1);
      kind.fit(
          ours,
          data(workers * batch, 2, batch),
          master(batch).workers(workers).averagingFrequency(1).build(),
          1);
      assertThat(ours.parameters()).containsExactly(stock.parameters(), within(1e-6f));
      assertThat(ours.updaterState()).containsExactly(stock.updaterState(), within(1e-6f));
      assertThat(ours.iteration()).isEqualTo(stock.iteration()).isEqualTo(1);
    }
  }

  /**
   * One worker takes the same steps as one machine, Adam's correction and the schedule included.
   * The native Adam has its step size in single precision, which is where the rest comes from.
   */
  @ParameterizedTest
  @EnumSource
  void oneWorkerEqualsOneMachineWithAdamAndASchedule(Kind kind) {
    IUpdater updater =
        new Adam(
            new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.1)
                .add(3, 0.02)
                .add(7, 0.001)
                .build());
    Network spark = kind.network(updater.clone(), 1);
    kind.fit(spark, data(30, 2, 7), master(8).workers(1).averagingFrequency(2).seed(5).build(), 3);

    Network single = kind.network(updater.clone(), 1);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int place : MinibatchReader.order(5, epoch, 4)) {
        single.fit(examples(place * 8, Math.min(30, place * 8 + 8)).toMultiDataSet());
      }
    }
    assertThat(spark.parameters()).containsExactly(single.parameters(), within(2e-5f));
    assertThat(spark.updaterState()).containsExactly(single.updaterState(), within(2e-6f));
    assertThat(spark.iteration()).isEqualTo(12);
  }

  /** The same in the epoch's schedule: the workers see the epoch that the network is in. */
  @ParameterizedTest
  @EnumSource
  void schedulesByEpochAdvance(Kind kind) {
    IUpdater updater =
        new Sgd(new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.5).add(1, 0.0).build());
    Network network = kind.network(updater, 1);
    AveragingTrainingMaster master = master(8).workers(2).build();
    float[] initial = network.parameters();
    JavaRDD<DataSet> data = data(32, 2, 8);
    kind.fit(network, data, master, 1);
    float[] once = network.parameters();
    kind.fit(network, data, master, 2);
    assertThat(once).isNotEqualTo(initial);
    assertThat(network.parameters()).containsExactly(once);
  }

  /** Dropout on; the same partitions, computed by any number of tasks at once. */
  @ParameterizedTest
  @EnumSource
  void sameParametersEachTimeWithDropout(Kind kind) {
    float[][] parameters = new float[3][];
    int[] partitions = {1, 2, 7};
    for (int i = 0; i < 3; i++) {
      // Data sets that fill partitions in order keep each example's place in the whole.
      Network network = kind.network(new Adam(0.01), 0.6);
      kind.fit(
          network,
          data(230, partitions[i], 9, 30, 1),
          master(16).workers(3).averagingFrequency(2).build(),
          2);
      parameters[i] = network.parameters();
    }
    assertThat(parameters[1]).containsExactly(parameters[0]);
    assertThat(parameters[2]).containsExactly(parameters[0]);
    Network other = kind.network(new Adam(0.01), 0.6);
    kind.fit(
        other,
        data(230, 2, 9, 30, 1),
        master(16).workers(3).averagingFrequency(2).seed(1).build(),
        2);
    assertThat(other.parameters()).isNotEqualTo(parameters[0]);
  }

  static IntStream seeds() {
    return IntStream.range(0, 12);
  }

  /**
   * Counts by training: with a linear network, a squared loss, no input but a one for each example
   * of its own, and plain descent, a weight moves exactly if its example was trained, and as far as
   * it was trained once.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void everyExampleIsTrainedOnceAnEpoch(int seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(seed < 4 ? 12 : 300);
    int workers = 1 + random.nextInt(7);
    int batch = 1 + random.nextInt(40);
    int frequency = 1 + random.nextInt(5);
    int largest = 1 + random.nextInt(50);
    List<int[]> ranges = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int to = Math.min(count, from + 1 + random.nextInt(largest));
      ranges.add(new int[] {from, to});
      from = to;
    }
    JavaRDD<DataSet> data =
        context()
            .parallelize(ranges, 1 + random.nextInt(5))
            .map(range -> ones(count, range[0], range[1]));
    Network network =
        Network.of(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Sgd(1e-3))
                .list()
                .layer(
                    new OutputLayer.Builder(new LossMSE())
                        .nIn(count)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    network.setParameters(new float[count]);
    AveragingTrainingMaster master =
        master(batch).workers(workers).averagingFrequency(frequency).build();
    Kind.LAYERS.fit(network, data, master, 1);

    // One step moves a weight by rate * 2 / size of the minibatch; the average over a round weighs
    // it by the worker's share of the round's examples, that is minibatch sizes over the round's.
    float[] moved = network.parameters();
    int minibatches = (count + batch - 1) / batch;
    int each = (minibatches + workers - 1) / workers;
    int[] order = MinibatchReader.order(42, 0, each);
    for (int from = 0; from < each; from += frequency) {
      long[] share = new long[workers];
      for (int i = from; i < Math.min(each, from + frequency); i++) {
        for (int w = 0; w < workers; w++) {
          share[w] += size(order[i] * workers + w, count, batch);
        }
      }
      long total = Arrays.stream(share).sum();
      for (int i = from; i < Math.min(each, from + frequency); i++) {
        for (int w = 0; w < workers; w++) {
          int minibatch = order[i] * workers + w;
          int size = size(minibatch, count, batch);
          for (int example = minibatch * batch; example < minibatch * batch + size; example++) {
            float expected = (float) (2e-3 / size * share[w] / total);
            assertThat(moved[example]).isCloseTo(expected, within(expected * 1e-3f));
          }
        }
      }
    }
    assertThat(network.iteration()).isEqualTo(each);
  }

  private static int size(int minibatch, int count, int batch) {
    return Math.max(0, Math.min(batch, count - minibatch * batch));
  }

  private static DataSet ones(int count, int from, int to) {
    float[] features = new float[(to - from) * count];
    float[] labels = new float[to - from];
    for (int i = from; i < to; i++) {
      features[(i - from) * count + i] = 1;
      labels[i - from] = 1;
    }
    return new DataSet(
        FloatArrays.create(features, to - from, count), FloatArrays.create(labels, to - from, 1));
  }

  /** Another training in between must not show. */
  @ParameterizedTest
  @EnumSource
  void replicasLeaveNothingBehind(Kind kind) {
    JavaRDD<DataSet> data = data(60, 2, 10);
    Network alone = kind.network(new Adam(0.01), 0.7);
    AveragingTrainingMaster master = master(10).workers(2).build();
    kind.fit(alone, data, master, 2);

    Network disturbed = kind.network(new Adam(0.01), 0.7);
    AveragingTrainingMaster again = master(10).workers(2).build();
    kind.fit(disturbed, data, again, 1);
    kind.fit(kind.network(new Adam(0.5), 0.2), data(40, 2, 4), master(4).workers(3).build(), 1);
    kind.fit(disturbed, data, again, 1);
    assertThat(disturbed.parameters()).containsExactly(alone.parameters());
    assertThat(disturbed.updaterState()).containsExactly(alone.updaterState());
  }

  /** Sequences of several lengths: merged minibatches need masks, and keep those they had. */
  @Test
  void masksTravelWithTheirExamples() {
    List<Integer> lengths = List.of(3, 5, 2, 4, 4, 1, 5, 3);
    JavaRDD<DataSet> data =
        context().parallelize(lengths, 3).map(AveragingTrainingMasterTest::sequence);
    Network spark = recurrent();
    Kind.LAYERS.fit(spark, data, master(4).workers(2).averagingFrequency(1).build(), 1);

    List<DataSet> all = lengths.stream().map(AveragingTrainingMasterTest::sequence).toList();
    Network first = recurrent();
    first.fit(DataSet.merge(all.subList(0, 4)).toMultiDataSet());
    Network second = recurrent();
    second.fit(DataSet.merge(all.subList(4, 8)).toMultiDataSet());
    float[] mean = first.parameters();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (mean[i] + second.parameters()[i]) / 2;
    }
    assertThat(spark.parameters()).containsExactly(mean, within(1e-6f));
  }

  private static Network recurrent() {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(8)
            .updater(new Sgd(0.1))
            .list()
            .layer(new LSTM.Builder().nIn(2).nOut(3).build())
            .layer(
                new RnnOutputLayer.Builder(new LossMSE())
                    .nIn(3)
                    .nOut(1)
                    .activation(Activation.IDENTITY)
                    .build())
            .build());
  }

  private static DataSet sequence(int length) {
    Random random = new Random(length);
    float[] features = new float[2 * length];
    float[] labels = new float[length];
    for (int i = 0; i < length; i++) {
      features[i] = (float) random.nextGaussian();
      features[length + i] = (float) random.nextGaussian();
      labels[i] = (float) random.nextGaussian();
    }
    return new DataSet(
        FloatArrays.create(features, 1, 2, length), FloatArrays.create(labels, 1, 1, length));
  }

  @Test
  void severalInputsAndPathsToFiles(@TempDir Path directory) throws Exception {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Path file = directory.resolve("set" + i + ".bin");
      examples(10 * i, 10 * i + 10).save(file.toFile());
      paths.add(file.toUri().toString());
      assertThat(Files.size(file)).isPositive();
    }
    Network fromPaths = Kind.LAYERS.network(new Adam(0.01), 1);
    new SparkDl4jMultiLayer(
            context(), (MultiLayerNetwork) fromPaths.model(), master(10).workers(2).build())
        .fitPaths(context().parallelize(paths, 2));
    Network direct = Kind.LAYERS.network(new Adam(0.01), 1);
    Kind.LAYERS.fit(direct, data(40, 2, 10), master(10).workers(2).build(), 1);
    assertThat(fromPaths.parameters()).containsExactly(direct.parameters());

    Network graph = Kind.GRAPH.network(new Adam(0.01), 1);
    JavaRDD<MultiDataSet> several = data(40, 2, 10).map(DataSet::toMultiDataSet);
    new SparkComputationGraph(
            context(), (ComputationGraph) graph.model(), master(10).workers(2).build())
        .fitMultiDataSet(several);
    assertThat(graph.parameters()).containsExactly(direct.parameters());
  }

  @Test
  void listenersAreToldAfterEachAveraging() {
    List<Integer> told = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    Network network = Kind.LAYERS.network(new Adam(0.01), 1);
    SparkDl4jMultiLayer spark =
        new SparkDl4jMultiLayer(
            context(),
            (MultiLayerNetwork) network.model(),
            master(8).workers(2).averagingFrequency(2).build());
    spark.setListeners(
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            told.add(iteration);
            scores.add(model.score());
          }
        });
    spark.fit(data(80, 2, 8));
    assertThat(told).containsExactly(2, 4, 5);
    assertThat(scores).allSatisfy(score -> assertThat(score).isPositive());
    assertThat(spark.getScore()).isPositive();
  }

  /** ND4J's other types travel as they are; a step casts them, and so that they stay in place. */
  @Test
  void examplesOfAnotherTypeAreCast() {
    Network doubles = Kind.LAYERS.network(new Adam(0.01), 1);
    JavaRDD<DataSet> data = data(40, 2, 7);
    Kind.LAYERS.fit(
        doubles,
        data.map(
            set ->
                new DataSet(
                    set.getFeatures().castTo(DataType.DOUBLE),
                    set.getLabels().castTo(DataType.DOUBLE))),
        master(10).workers(2).build(),
        2);
    Network floats = Kind.LAYERS.network(new Adam(0.01), 1);
    Kind.LAYERS.fit(floats, data, master(10).workers(2).build(), 2);
    assertThat(doubles.parameters()).containsExactly(floats.parameters());
  }

  @Test
  void itsJsonIsItsSettings() {
    AveragingTrainingMaster built = master(8).engine(TrainSettings.Engine.DL4J).seed(3).build();
    assertThat((Object) Json.read(built.toJson(), Map.class, "a master"))
        .hasToString(
            "{batchSize=8, workers=4, averagingFrequency={type=fixed, minibatches=10},"
                + " outer={type=average}, updaterState=AVERAGED, engine=DL4J,"
                + " storageLevel=MEMORY_AND_DISK, roundTimeoutSeconds=0, seed=3}");
    assertThat(built.toYaml()).isEqualTo(built.toJson());
  }

  /** What a fit that fails has done is not in the network. */
  @Test
  void aLossThatIsNotFiniteLeavesTheNetworkAsItWas() {
    Network network = Kind.GRAPH.network(new Sgd(0.1), 1);
    float[] before = network.parameters();
    float[] nothing = new float[10 * INPUTS];
    Arrays.fill(nothing, Float.NaN);
    JavaRDD<DataSet> data =
        data(30, 1, 10)
            .map(set -> new DataSet(FloatArrays.create(nothing, 10, INPUTS), set.getLabels()));
    assertThatThrownBy(() -> Kind.GRAPH.fit(network, data, master(10).build(), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("AveragingTrainingMaster: the loss of epoch 1 must be finite, got NaN");
    assertThat(network.parameters()).containsExactly(before);
    assertThat(network.iteration()).isZero();
  }

  @Test
  void whatItCannotDoItSays() {
    assertThatThrownBy(() -> master(0).workers(0).build())
        .isInstanceOf(InvalidInput.class)
        .hasMessage("batchSize must be at least 1, got 0\nworkers must be at least 1, got 0");
    assertThatThrownBy(
            () ->
                Kind.LAYERS.fit(
                    Kind.LAYERS.network(new Sgd(1), 1), data(0, 2, 1), master(4).build(), 1))
        .hasMessage("AveragingTrainingMaster: there must be at least 1 example, got 0");
    Network doubles =
        Network.of(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(hidden())
                .layer(output(1))
                .build());
    assertThatThrownBy(() -> Kind.LAYERS.fit(doubles, data(8, 2, 4), master(4).build(), 1))
        .hasMessage(
            "AveragingTrainingMaster: the network must be of the data type FLOAT, got DOUBLE");
    assertThatThrownBy(() -> master(4).build().setCollectTrainingStats(true))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
