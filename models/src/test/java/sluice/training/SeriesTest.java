package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.RecurrentEncoder;
import sluice.network.spec.RecurrentEncoder.Cell;
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.SequenceTransformerEncoder.Pooling;
import sluice.network.spec.SequenceTransformerEncoder.Positions;
import sluice.network.spec.TextCnnEncoder;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;
import sluice.testing.LocalSpark;
import sluice.training.checkpoint.EpochRecord;

/** Series of words and of numbers, each of its own length, beside a column. */
final class SeriesTest {
  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);
  private static final int WORDS = 20;
  private static final int MOST = 12;

  /** The series stand before and behind the column. */
  private static final List<FeatureGroup> GROUPS =
      List.of(
          new FeatureGroup(
              "words",
              Encoding.INDEX,
              List.of(-1),
              List.of("word"),
              List.of(WORDS),
              List.of(List.of())),
          new FeatureGroup("x", Encoding.FLOAT, List.of(1), List.of("x"), List.of(), List.of()),
          new FeatureGroup(
              "frames", Encoding.FLOAT, List.of(-1, 2), List.of("a", "b"), List.of(), List.of()));

  private static final Concatenation PLAIN =
      new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE);

  private static SequenceTransformerEncoder encoder(
      Positions positions, Pooling pooling, double dropout) {
    return new SequenceTransformerEncoder(8, 2, 1, 16, positions, pooling, MOST, dropout, dropout);
  }

  private static NetworkDefinition definition(double dropout) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of(
                "words", encoder(Positions.LEARNT, Pooling.MEAN, dropout),
                "frames", encoder(Positions.ROTARY, Pooling.ATTENTION, dropout)),
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
        new Trainer(definition(0), settings(14), 7, SilentProgress.INSTANCE)
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
          new Trainer(definition(0.2), settings(2), 7, SilentProgress.INSTANCE)
              .train(features(rows, partitions), features(rows(40, 9), 1))
              .parameters();
      first = first == null ? parameters : first;
      assertThat(parameters).containsExactly(first);
    }
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
                encoder(Positions.LEARNT, Pooling.MAX, 0)
                    .inputs("", GROUPS.subList(1, 2), new ExampleLayout(GROUPS)))
        .hasMessage(
            "encoder sequence-transformer needs one feature group that is a series, got x of [1]");
    FeatureGroup oneHot =
        new FeatureGroup(
            "w", Encoding.ONE_HOT, List.of(-1), List.of("w"), List.of(4), List.of(List.of()));
    assertThatThrownBy(() -> new ExampleLayout(List.of(oneHot)))
        .hasMessage(
            "a series must be of indices of the shape [-1] with one cardinality, or of floats of"
                + " [-1] or [-1, n], group w is ONE_HOT of [-1] with cardinalities [4]");
  }

  private static final Encoder CONVOLUTIONS = new TextCnnEncoder(8, List.of(1, 3), 8, MOST, 0.1);

  private static RecurrentEncoder recurrent(
      Cell cell, boolean both, RecurrentEncoder.Pooling pool) {
    return new RecurrentEncoder(cell, 8, 8, both ? 1 : 2, both, pool, MOST, 0);
  }

  private static NetworkDefinition definition(Encoder words, Encoder frames) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("words", words, "frames", frames), PLAIN, Map.of(), Loss.AUTO, 0.0),
        GROUPS,
        List.of(Target.binary(1)));
  }

  static Stream<Arguments> encoders() {
    return Stream.of(
        arguments(CONVOLUTIONS, recurrent(Cell.LSTM, true, RecurrentEncoder.Pooling.MEAN)),
        arguments(
            recurrent(Cell.GRU, true, RecurrentEncoder.Pooling.MAX),
            recurrent(Cell.LSTM, false, RecurrentEncoder.Pooling.LAST)),
        arguments(
            recurrent(Cell.LSTM, true, RecurrentEncoder.Pooling.MAX),
            recurrent(Cell.GRU, false, RecurrentEncoder.Pooling.ATTENTION)));
  }

  /** And the predictions of an example are the same bits alone and among others. */
  @ParameterizedTest
  @MethodSource("encoders")
  void convolutionsAndRecurrentLayersLearn(Encoder words, Encoder frames) {
    NetworkDefinition definition = definition(words, frames);
    TrainedNetwork trained =
        new Trainer(definition, settings(10), 7, SilentProgress.INSTANCE)
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
    assertThatThrownBy(() -> recurrent(Cell.GRU, true, RecurrentEncoder.Pooling.LAST))
        .hasMessage(
            "pooling must not be last where bidirectional is true: at the last step, the layers"
                + " that go back have seen no other");
    assertThatThrownBy(
            () -> CONVOLUTIONS.inputs("", GROUPS.subList(1, 2), new ExampleLayout(GROUPS)))
        .hasMessage("encoder textcnn needs one feature group that is a series, got x of [1]");
  }

  @Test
  void aDefinitionTravelsAsJson() {
    NetworkDefinition definition = definition(0.1);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }
}
