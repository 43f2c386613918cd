package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Batcher;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.InputArrays;
import sluice.network.NetworkInput;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.dl4j.UserNetworks;
import sluice.network.layers.SeriesPooling.Kind;
import sluice.network.layers.TransformerBlock.Norm;
import sluice.network.spec.BagEncoder;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.RecurrentEncoder;
import sluice.network.spec.RecurrentEncoder.Cell;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.SequenceTransformerEncoder.Positions;
import sluice.network.spec.TextCnnEncoder;
import sluice.testing.LocalSpark;
import sluice.training.checkpoint.EpochRecord;

/** Series of words and of numbers, each of its own length, beside a column. */
final class SeriesTest {
  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);
  private static final int WORDS = 20;
  private static final int MOST = 12;

  /** The series stand before and behind the column. */
  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of(
              "words", Element.INDEX, List.of(-1), List.of(), List.of(WORDS), List.of(List.of())),
          TensorSpec.of("x", Element.FLOAT32, List.of(1), List.of("x"), List.of(), List.of()),
          TensorSpec.of(
              "frames", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of()));

  private static final Concatenation PLAIN =
      new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE);

  private static SequenceTransformerEncoder encoder(
      Positions positions, Norm norm, Kind pooling, double dropout) {
    return new SequenceTransformerEncoder(
        8, 2, 1, 16, positions, norm, pooling, MOST, dropout, dropout);
  }

  private static NetworkDefinition definition(double dropout) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of(
                "words", encoder(Positions.LEARNT, Norm.PRE, Kind.MEAN, dropout),
                "frames", encoder(Positions.ROTARY, Norm.POST, Kind.ATTENTION, dropout)),
            PLAIN,
            Map.of(),
            Loss.AUTO,
            0.0),
        GROUPS,
        List.of(Target.binary(1)));
  }

  /** The label is whether word 3 is there or the first number of the frames is high. */
  private static List<Row> rows(int count, long seed) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Integer> words = new ArrayList<>();
      boolean has = false;
      for (int j = random.nextInt(MOST + 1); j > 0; j--) {
        int word = random.nextInt(16) == 0 ? 3 : random.nextInt(WORDS);
        has |= word == 3;
        words.add(word);
      }
      List<Float> frames = new ArrayList<>();
      float level = random.nextBoolean() ? 1 : -1;
      int length = random.nextInt(MOST);
      for (int j = 0; j < length; j++) {
        frames.add(level + 0.5f * (float) random.nextGaussian());
        frames.add((float) random.nextGaussian());
      }
      boolean high = length > 0 && level > 0;
      rows.add(
          RowFactory.create(
              "row" + i,
              has || high ? 1 : 0,
              words,
              List.of((float) random.nextGaussian()),
              frames));
    }
    return rows;
  }

  private static Dataset<Row> features(List<Row> rows, int partitions) {
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("label", DataTypes.IntegerType)
            .add("words", DataTypes.createArrayType(DataTypes.IntegerType))
            .add("x", DataTypes.createArrayType(DataTypes.FloatType))
            .add("frames", DataTypes.createArrayType(DataTypes.FloatType));
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static TrainSettings settings(int epochs) {
    return TrainSettingsBuilder.of(epochs, 16, 2, 4, ADAM).build();
  }

  private static Examples examples(ExampleLayout layout, List<Row> rows) {
    Examples examples = new Examples(layout);
    Example example = new Example(layout);
    for (Row row : rows) {
      example.clear();
      List<Integer> words = row.getAs(2);
      example.put(0, words.stream().mapToInt(Integer::intValue).toArray());
      example.put(1, floats(row.getAs(3)));
      example.put(2, floats(row.getAs(4)));
      examples.add(example);
    }
    return examples;
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** From Parquet; and the predictions of an example are the same bits alone and among others. */
  @Test
  void areLearntFromParquet(@TempDir Path directory) {
    String path = directory.resolve("features").toString();
    features(rows(800, 1), 2).write().parquet(path);
    TrainedNetwork trained =
        new Trainer(definition(0), settings(14), 7, TrainingProgress.SILENT)
            .train(LocalSpark.session().read().parquet(path), features(rows(100, 2), 1));
    EpochRecord last = trained.history().get(trained.history().size() - 1);
    assertThat(last.validationMetrics().get("accuracy")).isGreaterThan(0.9);

    NetworkDefinition definition = trained.definition();
    Predictor predictor = definition.predictor(trained.parameters());
    List<Row> unseen = rows(60, 3);
    float[][] together = predictor.predict(examples(definition.layout(), unseen))[0];
    int right = 0;
    for (int i = 0; i < unseen.size(); i++) {
      right += (together[i][1] > 0.5f ? 1 : 0) == unseen.get(i).getInt(1) ? 1 : 0;
      List<Row> one = List.of(unseen.get(i));
      assertThat(predictor.predict(examples(definition.layout(), one))[0][0])
          .containsExactly(together[i]);
    }
    assertThat(right).isGreaterThan(50);
  }

  @Test
  void sameParametersWhateverThePartitions() {
    List<Row> rows = rows(150, 1);
    float[] first = null;
    for (int partitions : new int[] {1, 3}) {
      float[] parameters =
          new Trainer(definition(0.2), settings(2), 7, TrainingProgress.SILENT)
              .train(features(rows, partitions), features(rows(40, 9), 1))
              .parameters();
      first = first == null ? parameters : first;
      assertThat(parameters).containsExactly(first);
    }
  }

  /** By values: the mean of the vectors that the indices of each have. */
  @Test
  void aBagIsTheMeanOfItsWords() {
    NetworkDefinition definition =
        new NetworkDefinition(
            new EncoderNetwork(Map.of("words", bag()), PLAIN, Map.of(), Loss.AUTO, 0.0),
            GROUPS.subList(0, 1),
            List.of(Target.binary(1)));
    Predictor predictor = definition.predictor(definition.initial(ADAM, 7).parameters());
    Examples examples = new Examples(definition.layout());
    Example example = new Example(definition.layout());
    for (int[] words : new int[][] {{3, 5, 5}, {5, 3, 5}, {3, 5}, {}}) {
      example.clear();
      example.put(0, words);
      examples.add(example);
    }
    float[][] said = predictor.predict(examples)[0];
    assertThat(said[1][0]).isCloseTo(said[0][0], within(1e-6f));
    assertThat(said[2][0]).isNotCloseTo(said[0][0], within(1e-4f));
    assertThat(said[3][0]).isCloseTo(0.5f, within(1e-6f));
  }

  /** What stands behind the longest length changes nothing. */
  @Test
  void ofLongSeriesTheFirstStepsAreRead() {
    NetworkDefinition definition = definition(0);
    Predictor predictor = definition.predictor(definition.initial(ADAM, 7).parameters());
    Integer[] words = new Integer[MOST + 5];
    Arrays.setAll(words, i -> i);
    List<Float> x = List.of(0.5f);
    List<Float> frames = List.of();
    Row cut = RowFactory.create("a", 0, Arrays.asList(words).subList(0, MOST), x, frames);
    Row whole = RowFactory.create("b", 0, Arrays.asList(words), x, frames);
    Row shorter = RowFactory.create("c", 0, Arrays.asList(words).subList(0, MOST - 1), x, frames);
    Row empty = RowFactory.create("d", 0, List.of(), x, frames);
    float[][] said =
        predictor.predict(examples(definition.layout(), List.of(cut, whole, shorter, empty)))[0];
    assertThat(said[1]).containsExactly(said[0]);
    assertThat(said[2]).isNotEqualTo(said[0]);
    assertThat(said[3][0]).isFinite();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(
            () ->
                new NetworkDefinition(
                        new EncoderNetwork(Map.of(), PLAIN, Map.of(), Loss.AUTO, 0.0),
                        GROUPS,
                        Target.binary(1))
                    .batcher())
        .hasMessage(
            "feature group words is a series, which needs an encoder of its own that reads series");
    assertThatThrownBy(
            () ->
                encoder(Positions.LEARNT, Norm.PRE, Kind.MAX, 0)
                    .inputs("", GROUPS.subList(1, 2), new ExampleLayout(GROUPS)))
        .hasMessage(
            "encoder sequence-transformer needs one feature group that is a series, got x of [1]");
    TensorSpec oneHot =
        TensorSpec.of("w", Element.ONE_HOT, List.of(-1), List.of(), List.of(4), List.of(List.of()));
    assertThatThrownBy(() -> new ExampleLayout(List.of(oneHot)))
        .hasMessage(
            "a series must be of indices of the shape [-1] with one cardinality, weighted or not, or"
                + " of floats of [-1] or [-1, n], group w is ONE_HOT of [-1] with cardinalities [4]");
  }

  private static final Encoder CONVOLUTIONS = new TextCnnEncoder(8, List.of(1, 3), 8, MOST, 0.1);

  private static RecurrentEncoder recurrent(Cell cell, boolean both, Kind pool) {
    return new RecurrentEncoder(cell, 8, 8, both ? 1 : 2, both, pool, MOST, 0);
  }

  private static NetworkDefinition definition(Encoder words, Encoder frames) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("words", words, "frames", frames), PLAIN, Map.of(), Loss.AUTO, 0.0),
        GROUPS,
        List.of(Target.binary(1)));
  }

  private static Encoder bag(int... hidden) {
    return new BagEncoder(
        8, Arrays.stream(hidden).boxed().toList(), HiddenActivation.RELU, MOST, 0.1);
  }

  static Stream<Arguments> encoders() {
    return Stream.of(
        arguments(bag(), bag(8)),
        arguments(CONVOLUTIONS, recurrent(Cell.LSTM, true, Kind.MEAN)),
        arguments(recurrent(Cell.GRU, true, Kind.MAX), recurrent(Cell.LSTM, false, Kind.LAST)),
        arguments(
            recurrent(Cell.LSTM, true, Kind.MAX), recurrent(Cell.GRU, false, Kind.ATTENTION)));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void otherEncodersLearn(Encoder words, Encoder frames) {
    assertLearns(definition(words, frames), 10);
  }

  /** Embeddings, an LSTM in both directions, a GRU, convolutions and poolings. */
  @Test
  void aUsersGraphOfDeeplearning4jsLearns() {
    assertLearns(
        new NetworkDefinition(
            new Dl4jNetwork(UserNetworks.read(UserNetworks.seriesAndColumns(1).toJson())),
            GROUPS,
            List.of(Target.binary(1))),
        10);
  }

  /** And the predictions of an example are the same bits alone and among others. */
  private static void assertLearns(NetworkDefinition definition, int epochs) {
    TrainedNetwork trained =
        new Trainer(definition, settings(epochs), 7, TrainingProgress.SILENT)
            .train(features(rows(600, 1), 2), features(rows(100, 2), 1));
    EpochRecord last = trained.history().get(trained.history().size() - 1);
    assertThat(last.validationMetrics().get("accuracy")).isGreaterThan(0.88);
    Predictor predictor = definition.predictor(trained.parameters());
    List<Row> unseen = rows(30, 3);
    float[][] together = predictor.predict(examples(definition.layout(), unseen))[0];
    for (int i = 0; i < unseen.size(); i++) {
      List<Row> one = List.of(unseen.get(i));
      assertThat(predictor.predict(examples(definition.layout(), one))[0][0])
          .containsExactly(together[i]);
    }
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  @Test
  void encodersRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> new TextCnnEncoder(0, List.of(3, 3), 1, 1, 1))
        .hasMessage(
            """
            dimension must be between 1 and 65536, got 0
            widths must differ from each other, got [3, 3]
            dropout must be at least 0 and below 1, got 1.0""");
    assertThatThrownBy(() -> new TextCnnEncoder(1, List.of(), 1, 1, 0))
        .hasMessage("widths must be at least one, from 1 to 32768 each, got []");
    assertThatThrownBy(() -> new BagEncoder(0, List.of(), HiddenActivation.RELU, 0, 0))
        .hasMessage(
            """
            dimension must be between 1 and 65536, got 0
            max-length must be between 1 and 32768, got 0""");
    assertThatThrownBy(() -> bag(8, 0))
        .hasMessage("hidden must hold numbers of at least 1, got [8, 0]");
    assertThatThrownBy(() -> recurrent(Cell.GRU, false, Kind.FIRST))
        .hasMessage("pooling must not be first: the first state has seen but the first step");
    assertThatThrownBy(() -> recurrent(Cell.GRU, true, Kind.LAST))
        .hasMessage(
            "pooling must not be last where bidirectional is true: at the last step, the layers"
                + " that go back have seen no other");
    assertThatThrownBy(
            () -> CONVOLUTIONS.inputs("", GROUPS.subList(1, 2), new ExampleLayout(GROUPS)))
        .hasMessage("encoder textcnn needs one feature group that is a series, got x of [1]");
  }

  /** A series of weighted indices between two of indices and of numbers. */
  private static final List<TensorSpec> WITH_WEIGHTS =
      List.of(
          GROUPS.get(0),
          TensorSpec.of(
              "n-grams",
              Element.WEIGHTED_INDEX,
              List.of(-1),
              List.of(),
              List.of(WORDS),
              List.of(List.of())),
          GROUPS.get(2));

  private static NetworkDefinition bags() {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("words", bag(), "n-grams", bag(8), "frames", bag()),
            PLAIN,
            Map.of(),
            Loss.AUTO,
            0.0),
        WITH_WEIGHTS,
        List.of(Target.binary(1)));
  }

  private static void put(
      Examples examples, int[] words, int[] indices, float[] weights, float[] frames) {
    Example example = new Example(bags().layout());
    example.put(0, words);
    example.put(1, indices, weights);
    example.put(2, frames);
    examples.add(example);
  }

  @Test
  void weightsStandAmongTheNumbers() {
    Examples first = new Examples(bags().layout());
    put(first, new int[] {1}, new int[] {4, 9}, new float[] {0.4f, -0.9f}, new float[] {7, 8});
    put(first, new int[] {}, new int[] {}, new float[] {}, new float[] {5, 6, 7, 8});
    put(first, new int[] {2, 3}, new int[] {19}, new float[] {1}, new float[] {});
    Examples all = new Examples(bags().layout());
    for (int i : new int[] {2, 0, 1, 0}) {
      all.add(first, i);
    }
    assertThat(all.indices(1, 1)).containsExactly(4, 9);
    assertThat(all.weights(1, 1)).containsExactly(0.4f, -0.9f);
    assertThat(all.weights(2, 1)).isEmpty();
    assertThat(all.indices(0, 1)).containsExactly(19);
    assertThat(all.weights(0, 1)).containsExactly(1);
    InputArrays arrays = bags().batcher().inputs(all, 1, 0);
    int nGrams =
        bags().batcher().inputs().stream()
            .map(NetworkInput::name)
            .toList()
            .indexOf("encoder/n-grams/series");
    assertThat(arrays.inputs()[nGrams])
        .containsExactly(
            4, 9, 0, 0, 0, 0, 0, 0, 0.4f, -0.9f, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0,
            0, 0, 0, 0, 0);
    assertThat(arrays.masks()[nGrams])
        .containsExactly(1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> new Example(bags().layout()).put(1, new int[] {1}))
        .hasMessage("feature group n-grams must have a weight for each index");
    assertThatThrownBy(() -> new Example(bags().layout()).put(1, new int[] {1}, new float[2]))
        .hasMessage("feature group n-grams must have a weight for each index, got 2 and 1");
  }

  /** Of a sparse vector that no array has room for. */
  @Test
  void theHeaviestOfTooManyAreRead() {
    NetworkInput input = NetworkInput.ofSeries("n-grams", bags().layout(), WITH_WEIGHTS.get(1), 2);
    Examples examples = new Examples(bags().layout());
    put(
        examples,
        new int[] {1},
        new int[] {2, 5, 9},
        new float[] {0.1f, 0.5f, -0.3f},
        new float[] {});
    Batcher batcher =
        new Batcher(bags().layout(), List.of(input), List.of(Target.binary(1)), new double[] {1});
    assertThat(batcher.inputs(examples, 0).inputs()[0])
        .containsExactly(5, 9, 0, 0, 0, 0, 0, 0, 0.5f, -0.3f, 0, 0, 0, 0, 0, 0);
  }

  /** The label is whether the weight of one n-gram is above that of another. */
  private static Dataset<Row> weighted(int count, long seed, int partitions) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Integer> indices = new ArrayList<>();
      List<Float> weights = new ArrayList<>();
      for (int index = 0; index < WORDS; index++) {
        if (random.nextInt(3) == 0) {
          indices.add(index);
          weights.add(random.nextFloat());
        }
      }
      float of3 = indices.contains(3) ? weights.get(indices.indexOf(3)) : 0;
      float of4 = indices.contains(4) ? weights.get(indices.indexOf(4)) : 0;
      rows.add(
          RowFactory.create(
              "row" + i,
              of3 > of4 ? 1 : 0,
              random.ints(random.nextInt(4), 0, WORDS).boxed().toList(),
              RowFactory.create(indices, weights),
              List.of((float) random.nextGaussian(), 1f)));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            StructType.fromDDL(
                "key STRING, label INT, words ARRAY<INT>, `n-grams` STRUCT<indices: ARRAY<INT>,"
                    + " weights: ARRAY<FLOAT>>, frames ARRAY<FLOAT>"))
        .repartition(partitions);
  }

  /** From Parquet, to the same bits; an example's prediction is the same alone and among others. */
  @Test
  void weightedBagsLearn(@TempDir Path directory) {
    List<float[]> parameters = new ArrayList<>();
    for (int partitions : new int[] {1, 2, 7}) {
      String path = directory.resolve("features" + partitions).toString();
      weighted(600, 1, partitions).write().parquet(path);
      TrainedNetwork trained =
          new Trainer(bags(), settings(8), 7, TrainingProgress.SILENT)
              .train(LocalSpark.session().read().parquet(path), weighted(100, 2, 1));
      EpochRecord last = trained.history().get(trained.history().size() - 1);
      assertThat(last.validationMetrics().get("accuracy")).isGreaterThan(0.9);
      parameters.add(trained.parameters());
      assertThat(trained.parameters()).containsExactly(parameters.get(0));
    }
    Predictor predictor = bags().predictor(parameters.get(0));
    Examples all = new Examples(bags().layout());
    Random random = new Random(6);
    for (int i = 0; i < 30; i++) {
      int[] indices =
          IntStream.range(0, WORDS)
              .filter(j -> random.nextInt(1 + random.nextInt(9)) == 0)
              .toArray();
      float[] weights = new float[indices.length];
      for (int j = 0; j < weights.length; j++) {
        weights[j] = (float) random.nextGaussian();
      }
      put(all, new int[] {i % WORDS}, indices, weights, new float[] {1, 2});
    }
    float[][] together = predictor.predict(all)[0];
    for (int i = 0; i < all.size(); i++) {
      Examples one = new Examples(bags().layout());
      one.add(all, i);
      assertThat(predictor.predict(one)[0][0]).containsExactly(together[i]);
    }
  }

  @Test
  void encodersOfOrderedStepsReadNoWeights() {
    for (Encoder encoder :
        List.of(
            CONVOLUTIONS,
            recurrent(Cell.GRU, true, Kind.MAX),
            encoder(Positions.LEARNT, Norm.PRE, Kind.MAX, 0))) {
      assertThat(encoder.readsSeries(Element.WEIGHTED_INDEX)).isFalse();
      assertThat(encoder.readsSeries(Element.INDEX)).isTrue();
      assertThatThrownBy(() -> encoder.inputs("", WITH_WEIGHTS.subList(1, 2), bags().layout()))
          .hasMessageMatching(
              "encoder (textcnn|recurrent|sequence-transformer) needs steps in their order, which the"
                  + " weighted indices of feature group n-grams are not; encoder bag reads them");
    }
  }

  @Test
  void aDefinitionTravelsAsJson() {
    assertThat(Json.read(Json.write(bags()), NetworkDefinition.class, "x")).isEqualTo(bags());
    NetworkDefinition definition = definition(0.1);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }
}
