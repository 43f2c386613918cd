package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;
import sluice.network.spec.ResNetEncoder;
import sluice.testing.LocalSpark;
import sluice.training.TrainSettings.Engine;
import sluice.training.averaging.OuterOptimiser;
import sluice.training.averaging.UpdaterState;
import sluice.training.examples.Block;
import sluice.training.examples.BlockReader;
import sluice.training.examples.ExampleStorage;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.MinibatchReader;
import sluice.training.examples.Minibatches;
import sluice.training.examples.WorkerDataset;

/**
 * {@link Trainer} and the master of users' own programs come to the same parameters to the bit, of
 * the same network and the same minibatches in the same order. What order that is each has its own
 * way of: the one goes by the rows' keys, the other by where data sets lie.
 */
class TrainerAndMasterTest {
  private static final long SEED = 11;
  private static final int WORKERS = 3;
  private static final int BATCH = 8;
  private static final int EACH = 5;
  private static final int EPOCHS = 2;
  private static final int FREQUENCY = 2;
  private static final int SIZE = 6;
  private static final int CATEGORIES = 4;

  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of(
              "picture", Element.FLOAT32, List.of(1, SIZE, SIZE), List.of(), List.of(), List.of()),
          TensorSpec.of(
              "k",
              Element.INDEX,
              List.of(1),
              List.of("k"),
              List.of(CATEGORIES),
              List.of(List.of())));

  /** A network, and how it is trained. */
  private record Training(
      String name,
      NetworkDefinition definition,
      Engine engine,
      OuterOptimiser outer,
      UpdaterState updaterState) {
    @Override
    public String toString() {
      return name;
    }

    TrainSettings settings() {
      return TrainSettingsBuilder.of(EPOCHS, BATCH, WORKERS, FREQUENCY, UPDATER)
          .schedule(SCHEDULE)
          .engine(engine)
          .outer(outer)
          .updaterState(updaterState)
          .build();
    }
  }

  private static final UpdaterSpec UPDATER = new UpdaterSpec.AdamW(0.01, 0.9, 0.999, 1e-3, 0.1);
  private static final LearningRateSchedule SCHEDULE = new LearningRateSchedule.Cosine(0.1);

  /** Dropout, embeddings, batch norms, two inputs and two outputs, of which one may be missing. */
  private static NetworkDefinition graph() {
    MlpEncoder columns =
        new MlpEncoder(
            List.of(5), HiddenActivation.RELU, 0.3, InitialWeights.HE, new Embeddings(2), null);
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("columns", columns, "picture", new ResNetEncoder(List.of(3), 1)),
            new Concatenation(List.of(4), HiddenActivation.TANH, 0, InitialWeights.HE),
            Map.of(),
            Loss.AUTO,
            0.0),
        GROUPS,
        List.of(Target.binary(1).named("kind"), Target.number().named("amount")));
  }

  private static NetworkDefinition layers() {
    return new NetworkDefinition(
        new MultilayerPerceptron(
            List.of(6), HiddenActivation.TANH, 0.2, 0, InitialWeights.HE, Loss.AUTO),
        GROUPS.subList(0, 1),
        Target.binary(1));
  }

  private static NetworkDefinition resNet() {
    NetworkSpec spec = new ResNet(List.of(3, 4), 1, 0);
    return new NetworkDefinition(spec, GROUPS.subList(0, 1), Target.binary(1));
  }

  static Stream<Training> trainings() {
    OuterOptimiser average = new OuterOptimiser.Average();
    return Stream.of(
        new Training("layers", layers(), Engine.COMPILED, average, UpdaterState.AVERAGED),
        new Training("Deeplearning4j", layers(), Engine.DL4J, average, UpdaterState.AVERAGED),
        new Training("pictures", resNet(), Engine.COMPILED, average, UpdaterState.RESET),
        new Training(
            "graph",
            graph(),
            Engine.COMPILED,
            new OuterOptimiser.Nesterov(0.7, 0.9),
            UpdaterState.LOCAL));
  }

  private static Dataset<Row> features(NetworkDefinition definition) {
    Random random = new Random(2);
    List<Row> rows = new ArrayList<>();
    boolean several = definition.targets().size() > 1;
    for (int i = 0; i < WORKERS * BATCH * EACH; i++) {
      float[] picture = new float[SIZE * SIZE];
      for (int p = 0; p < picture.length; p++) {
        picture[p] = (float) random.nextGaussian();
      }
      int k = random.nextInt(CATEGORIES);
      int kind = picture[0] + k > 1 ? 1 : 0;
      Double amount = i % 7 == 0 ? null : (double) picture[1];
      Object label = several ? RowFactory.create(kind, amount) : kind;
      rows.add(RowFactory.create("row" + i, label, picture, List.of(k)));
    }
    StructType labels =
        new StructType().add("_0", DataTypes.IntegerType).add("_1", DataTypes.DoubleType);
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("label", several ? labels : DataTypes.IntegerType)
            .add("picture", DataTypes.createArrayType(DataTypes.FloatType))
            .add("k", DataTypes.createArrayType(DataTypes.IntegerType));
    return LocalSpark.session().createDataFrame(rows, schema).repartition(2);
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  /** An array that Spark can move. */
  @SuppressWarnings("ArrayRecordComponent") // handed over and never compared
  private record Numbers(float[] values, long[] shape) implements Serializable {
    static @Nullable Numbers of(@Nullable INDArray array) {
      return array == null ? null : new Numbers(FloatArrays.copy(array), array.shape());
    }

    static Numbers @Nullable [] of(INDArray @Nullable [] arrays) {
      return arrays == null ? null : Arrays.stream(arrays).map(Numbers::of).toArray(Numbers[]::new);
    }

    static INDArray @Nullable [] arrays(Numbers @Nullable [] numbers) {
      return numbers == null
          ? null
          : Arrays.stream(numbers)
              .map(one -> one == null ? null : FloatArrays.create(one.values, one.shape))
              .toArray(INDArray[]::new);
    }
  }

  /** A minibatch that Spark can move. */
  @SuppressWarnings("ArrayRecordComponent") // handed over and never compared
  private record Minibatch(
      Numbers @Nullable [] features,
      Numbers @Nullable [] labels,
      Numbers @Nullable [] featuresMasks,
      Numbers @Nullable [] labelsMasks)
      implements Serializable {
    static Minibatch of(MultiDataSet set) {
      return new Minibatch(
          Numbers.of(set.getFeatures()),
          Numbers.of(set.getLabels()),
          Numbers.of(set.getFeaturesMaskArrays()),
          Numbers.of(set.getLabelsMaskArrays()));
    }

    MultiDataSet set() {
      return new org.nd4j.linalg.dataset.MultiDataSet(
          Numbers.arrays(features),
          Numbers.arrays(labels),
          Numbers.arrays(featuresMasks),
          Numbers.arrays(labelsMasks));
    }
  }

  /**
   * The minibatches of an epoch of {@link Trainer}, so placed that the master goes through them in
   * the same order.
   */
  private static JavaRDD<MultiDataSet> minibatches(
      NetworkDefinition definition, WorkerDataset dealt, int epoch) {
    BlockReader reader =
        new BlockReader(
            definition.batcher().weighing(new float[definition.targets().size()][0]),
            dealt.workerBlocks(),
            BATCH,
            SEED);
    MinibatchRange range = new MinibatchRange(epoch, 1, 0, EACH, EACH, 0);
    int[] places = MinibatchReader.order(SEED, epoch, EACH);
    Minibatch[] placed = new Minibatch[WORKERS * EACH];
    JavaRDD<Block> shards = dealt.shards(reader).of(range);
    for (int worker = 0; worker < WORKERS; worker++) {
      List<Block> blocks = shards.collectPartitions(new int[] {worker})[0];
      try (Minibatches own = reader.read(worker, blocks.iterator(), range)) {
        while (own.advance()) {
          assertThat(own.examples()).isEqualTo(BATCH);
          placed[places[own.index()] * WORKERS + worker] = Minibatch.of(own.arrays());
        }
      }
    }
    return context().parallelize(List.of(placed), 2).map(Minibatch::set);
  }

  private static Network initial(NetworkDefinition definition) {
    return definition.initial(
        new Optimisation(UPDATER, GradientClipping.none(), SCHEDULE, (long) EPOCHS * EACH), SEED);
  }

  /** A program of a user, which fits once an epoch. */
  private static float[] byMaster(Training training, Dataset<Row> features) {
    AveragingTrainingMaster master =
        new AveragingTrainingMaster.Builder(BATCH)
            .workers(WORKERS)
            .averagingFrequency(FREQUENCY)
            .engine(training.engine)
            .outer(training.outer)
            .updaterState(training.updaterState)
            .seed(SEED)
            .build();
    Network network = initial(training.definition);
    try (WorkerDataset dealt =
        WorkerDataset.of(
            features,
            training.definition.batcher(),
            WORKERS,
            ExampleStorage.MEMORY_AND_DISK,
            SEED)) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        JavaRDD<MultiDataSet> sets = minibatches(training.definition, dealt, epoch);
        if (network.model() instanceof MultiLayerNetwork layers) {
          new SparkDl4jMultiLayer(context(), layers, master).fit(sets.map(one -> dataSet(one)));
        } else {
          new SparkComputationGraph(context(), (ComputationGraph) network.model(), master)
              .fitMultiDataSet(sets);
        }
      }
    }
    master.deleteTempFiles(context());
    return network.parameters();
  }

  private static DataSet dataSet(MultiDataSet set) {
    return new DataSet(
        set.getFeatures(0),
        set.getLabels(0),
        set.getFeaturesMaskArray(0),
        set.getLabelsMaskArray(0));
  }

  private static float[] byTrainer(Training training, Dataset<Row> features) {
    return new Trainer(training.definition, training.settings(), SEED, TrainingProgress.SILENT)
        .train(features, features.limit(0))
        .parameters();
  }

  private static int[] bits(float[] numbers) {
    int[] bits = new int[numbers.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
    return bits;
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void bothComeToTheSameBits(Training training) {
    Dataset<Row> features = features(training.definition);
    float[] byTrainer = byTrainer(training, features);
    float[] byMaster = byMaster(training, features);
    assertThat(byTrainer).isNotEqualTo(initial(training.definition).parameters());
    assertThat(bits(byMaster)).isEqualTo(bits(byTrainer));
  }

  /** Both by the engine that they are told. */
  @Test
  void theEnginesRoundOtherwise() {
    List<Training> layers = trainings().limit(2).toList();
    Dataset<Row> features = features(layers.get(0).definition);
    float[] compiled = byMaster(layers.get(0), features);
    float[] expected = byMaster(layers.get(1), features);
    assertThat(compiled).isNotEqualTo(expected);
    for (int i = 0; i < compiled.length; i++) {
      assertThat(Math.abs(compiled[i] - expected[i])).isLessThan(1e-4f);
    }
  }
}
