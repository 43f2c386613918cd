package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.features.Element;
import sluice.features.TensorColumns;
import sluice.features.TensorSpec;
import sluice.network.Example;
import sluice.network.Examples;
import sluice.network.FloatArrays;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.LeNet;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;
import sluice.testing.LocalSpark;
import sluice.training.averaging.OuterOptimiser;

/** Convolutional networks under parameter averaging, on bars of four directions in noise. */
class PicturesTest {
  private static final int SIZE = 16;
  private static final int PIXELS = SIZE * SIZE;
  private static final int[][] DIRECTIONS = {{1, 0}, {0, 1}, {1, 1}, {1, -1}};

  @SuppressWarnings("ArrayRecordComponent") // handed over in bulk and never compared
  private record Picture(float[] pixels, int direction) {}

  /** A bar of nine pixels somewhere in the picture; its direction is the class. */
  private static List<Picture> pictures(int count, long seed) {
    Random random = new Random(seed);
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] pixels = new float[PIXELS];
      for (int p = 0; p < PIXELS; p++) {
        pixels[p] = 0.3f * random.nextFloat();
      }
      int direction = random.nextInt(DIRECTIONS.length);
      int x = 4 + random.nextInt(SIZE - 8);
      int y = 4 + random.nextInt(SIZE - 8);
      for (int step = -4; step <= 4; step++) {
        int column = x + step * DIRECTIONS[direction][0];
        int row = y + step * DIRECTIONS[direction][1];
        pixels[row * SIZE + column] = 0.7f + 0.3f * random.nextFloat();
      }
      pictures.add(new Picture(pixels, direction));
    }
    return pictures;
  }

  private static Dataset<Row> features(List<Picture> pictures) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      rows.add(RowFactory.create("row" + i, pictures.get(i).direction(), pictures.get(i).pixels()));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.IntegerType)
                .add("image", DataTypes.createArrayType(DataTypes.FloatType)));
  }

  private static NetworkDefinition definition(NetworkSpec spec) {
    return new NetworkDefinition(
        spec,
        List.of(
            TensorSpec.of(
                "image", Element.FLOAT32, List.of(1, SIZE, SIZE), List.of(), List.of(), List.of())),
        Target.classes(DIRECTIONS.length));
  }

  private static TrainedNetwork train(
      NetworkSpec spec, List<Picture> pictures, int epochs, int batch, UpdaterSpec updater) {
    return train(spec, pictures, epochs, batch, updater, new OuterOptimiser.Average());
  }

  private static TrainedNetwork train(
      NetworkSpec spec,
      List<Picture> pictures,
      int epochs,
      int batch,
      UpdaterSpec updater,
      OuterOptimiser outer) {
    TrainSettings settings =
        TrainSettingsBuilder.of(epochs, batch, 3, 2, updater).outer(outer).build();
    return new Trainer(definition(spec), settings, 5, TrainingProgress.SILENT)
        .train(features(pictures), features(List.of()));
  }

  static Stream<NetworkSpec> specs() {
    return Stream.of(
        new LeNet(List.of(6, 12), 32, HiddenActivation.RELU, 0.2, 1e-4, InitialWeights.HE),
        new ResNet(List.of(8, 16), 1, 1e-4));
  }

  /** A network that guesses has a quarter right, of 400 at most 32 % but once in a thousand. */
  @ParameterizedTest
  @MethodSource("specs")
  void networksLearnTheDirectionOfABar(NetworkSpec spec) {
    UpdaterSpec adam = new UpdaterSpec.Adam(0.003, 0.9, 0.999, 1e-8);
    TrainedNetwork trained = train(spec, pictures(900, 1), 10, 20, adam);
    List<Picture> unseen = pictures(400, 2);
    float[][] outputs =
        trained
            .definition()
            .predictor(trained.parameters())
            .predict(joined(unseen), new int[0], unseen.size())[0];
    int right = 0;
    for (int i = 0; i < outputs.length; i++) {
      int best = 0;
      for (int c = 1; c < outputs[i].length; c++) {
        best = outputs[i][c] > outputs[i][best] ? c : best;
      }
      right += best == unseen.get(i).direction() ? 1 : 0;
    }
    assertThat(right / 400.0).isGreaterThan(0.85);
    List<Picture> few = pictures(90, 3);
    assertThat(train(spec, few, 2, 20, adam).parameters())
        .containsExactly(train(spec, few, 2, 20, adam).parameters());
  }

  /** What is stored decides nothing: neither a parameter nor a prediction. */
  @ParameterizedTest
  @MethodSource("specs")
  void bytesTrainAndPredictToTheBitAsTheirNumbers(NetworkSpec spec) {
    Random random = new Random(4);
    List<Row> bytes = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      byte[] pixels = new byte[2 * PIXELS];
      random.nextBytes(pixels);
      bytes.add(RowFactory.create("row" + i, random.nextInt(4), pixels));
    }
    List<TensorSpec> stored = List.of(TensorSpec.bytes("image", List.of(2, SIZE, SIZE), 255));
    Dataset<Row> pictures =
        LocalSpark.session()
            .createDataFrame(bytes, StructType.fromDDL("key STRING, label INT, image BINARY"));
    Dataset<Row> numbers = TensorColumns.decoded(pictures, stored);
    assertThat(numbers.schema().apply("image").dataType().sql()).isEqualTo("ARRAY<FLOAT>");
    NetworkDefinition ofBytes =
        new NetworkDefinition(spec, stored, Target.classes(DIRECTIONS.length));
    NetworkDefinition ofNumbers = ofBytes.withInputs(List.of(stored.get(0).decoded()));

    TrainSettings settings =
        TrainSettingsBuilder.of(2, 20, 3, 2, new UpdaterSpec.Adam(0.003, 0.9, 0.999, 1e-8)).build();
    float[] parameters =
        new Trainer(ofBytes, settings, 5, TrainingProgress.SILENT)
            .train(pictures, pictures.limit(20))
            .parameters();
    assertThat(parameters)
        .containsExactly(
            new Trainer(ofNumbers, settings, 5, TrainingProgress.SILENT)
                .train(numbers, numbers.limit(20))
                .parameters());

    Examples examples = new Examples(ofBytes.layout());
    Examples decoded = new Examples(ofNumbers.layout());
    for (Row row : numbers.collectAsList()) {
      float[] values = new float[2 * PIXELS];
      byte[] same = new byte[2 * PIXELS];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.<Float>getList(2).get(i);
        same[i] = (byte) Math.round(values[i] * 255);
      }
      Example example = new Example(ofBytes.layout());
      example.put(0, same);
      examples.add(example);
      example = new Example(ofNumbers.layout());
      example.put(0, values);
      decoded.add(example);
    }
    assertThat(examples.bytes()).isEqualTo(90L * 2 * PIXELS).isEqualTo(decoded.bytes() / 4);
    assertThat(
            Arrays.deepEquals(
                ofBytes.predictor(parameters).predict(examples),
                ofNumbers.predictor(parameters).predict(decoded)))
        .isTrue();
  }

  static Stream<OuterOptimiser> outerOptimisers() {
    return Stream.of(
        new OuterOptimiser.Average(),
        new OuterOptimiser.SlowMomentum(1, 0.5),
        new OuterOptimiser.Nesterov(0.7, 0.9));
  }

  /**
   * Each worker takes one step on all of its pictures, after which its running mean is a tenth of
   * their mean, from 0. The average by examples then is a tenth of the mean over all pictures, and
   * the running variance, from 1, a tenth of theirs but for how the workers' means differ. An outer
   * optimiser leaves them alone: with momentum a variance could go below zero.
   */
  @ParameterizedTest
  @MethodSource("outerOptimisers")
  void runningMeansAndVariancesAreAveraged(OuterOptimiser outer) {
    NetworkSpec spec = new ResNet(List.of(8), 1, 0);
    List<Picture> pictures = pictures(100, 3);
    TrainedNetwork trained = train(spec, pictures, 1, 100, new UpdaterSpec.Sgd(1e-6), outer);

    ComputationGraph before =
        (ComputationGraph) definition(spec).initial(new UpdaterSpec.Sgd(1), 5).model();
    INDArray convolved =
        Objects.requireNonNull(
            before
                .feedForward(FloatArrays.create(joined(pictures), 100, PIXELS), false)
                .get("stem"));
    ComputationGraph after =
        (ComputationGraph) trained.definition().with(trained.parameters()).model();
    float[] mean = FloatArrays.copy(convolved.mean(0, 2, 3));
    float[] variance = FloatArrays.copy(convolved.var(false, 0, 2, 3));
    float[] runningMean = FloatArrays.copy(after.getLayer("stem-normalised").getParam("mean"));
    float[] runningVariance = FloatArrays.copy(after.getLayer("stem-normalised").getParam("var"));
    for (int channel = 0; channel < 8; channel++) {
      assertThat(runningMean[channel]).isCloseTo(0.1f * mean[channel], within(1e-5f));
      assertThat(runningVariance[channel])
          .isCloseTo(0.9f + 0.1f * variance[channel], within(1e-3f));
      assertThat(Math.abs(mean[channel])).isGreaterThan(1e-3f);
    }
  }

  private static float[] joined(List<Picture> pictures) {
    float[] numbers = new float[pictures.size() * PIXELS];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(pictures.get(i).pixels(), 0, numbers, i * PIXELS, PIXELS);
    }
    return numbers;
  }
}
