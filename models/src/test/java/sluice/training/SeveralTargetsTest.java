package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Decoder;
import sluice.network.spec.Embeddings;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.LocalSpark;
import sluice.training.checkpoint.EpochRecord;

/** A class and a number that are told by the same features, over shared layers. */
final class SeveralTargetsTest {
  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);

  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of("x", Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of()),
          TensorSpec.of(
              "k", Element.INDEX, List.of(1), List.of("k"), List.of(6), List.of(List.of())));

  private static NetworkDefinition definition(double numberWeight, double dropout) {
    MlpEncoder columns =
        new MlpEncoder(
            List.of(16),
            HiddenActivation.RELU,
            dropout,
            InitialWeights.HE,
            new Embeddings(2),
            null);
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("columns", columns),
            new Concatenation(List.of(8), HiddenActivation.RELU, 0, InitialWeights.HE),
            Map.of(
                "amount",
                new Decoder(
                    List.of(4), HiddenActivation.TANH, 0, InitialWeights.XAVIER, numberWeight)),
            Loss.AUTO,
            0.0),
        GROUPS,
        List.of(Target.binary(1).named("kind"), Target.number().named("amount")));
  }

  /**
   * The class is whether a + effect of k is positive, the number is a - b + effect of k.
   *
   * @param missing every so manieth row lacks one label, in turn the one and the other; 0 for none
   */
  private static List<Row> rows(int count, long seed, int missing) {
    Random random = new Random(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      int k = random.nextInt(6);
      float effect = (k * 5 % 6 - 2.5f) / 2;
      boolean lacks = missing > 0 && i % missing == 0;
      boolean lacksKind = lacks && i / missing % 2 == 0;
      Integer kind = a + effect > 0 ? 1 : 0;
      Double amount = (double) (a - b + effect);
      rows.add(
          RowFactory.create(
              "row" + i,
              RowFactory.create(lacksKind ? null : kind, lacks && !lacksKind ? null : amount),
              List.of(a, b),
              List.of(k)));
    }
    return rows;
  }

  private static Dataset<Row> features(List<Row> rows, int partitions) {
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add(
                "label",
                new StructType().add("_0", DataTypes.IntegerType).add("_1", DataTypes.DoubleType))
            .add("x", DataTypes.createArrayType(DataTypes.FloatType))
            .add("k", DataTypes.createArrayType(DataTypes.IntegerType));
    return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static TrainSettings settings(int epochs) {
    return TrainSettingsBuilder.of(epochs, 16, 2, 4, ADAM).build();
  }

  private static TrainedNetwork train(NetworkDefinition definition, int epochs, List<Row> rows) {
    return new Trainer(definition, settings(epochs), 7, TrainingProgress.SILENT)
        .train(features(rows, 2), features(rows(200, 99, 3), 2));
  }

  /** Also with labels missing both are learnt, and each example's predictions are its own. */
  @Test
  void bothAreLearnt() {
    TrainedNetwork trained = train(definition(1, 0), 25, rows(600, 1, 3));
    EpochRecord last = trained.history().get(trained.history().size() - 1);
    assertThat(last.validationMetrics()).containsOnlyKeys("kind.accuracy");
    assertThat(last.validationMetrics().get("kind.accuracy")).isGreaterThan(0.9);

    Predictor predictor = trained.definition().predictor(trained.parameters());
    Random random = new Random(3);
    int examples = 50;
    float[] numbers = new float[2 * examples];
    int[] indices = new int[examples];
    double error = 0;
    int right = 0;
    for (int i = 0; i < examples; i++) {
      numbers[2 * i] = (float) random.nextGaussian();
      numbers[2 * i + 1] = (float) random.nextGaussian();
      indices[i] = random.nextInt(6);
    }
    float[][][] said = predictor.predict(numbers, indices, examples);
    for (int i = 0; i < examples; i++) {
      float effect = (indices[i] * 5 % 6 - 2.5f) / 2;
      right += (said[0][i][1] > 0.5f) == (numbers[2 * i] + effect > 0) ? 1 : 0;
      error += Math.abs(said[1][i][0] - (numbers[2 * i] - numbers[2 * i + 1] + effect)) / examples;
      assertThat(
              predictor.predict(
                  new float[] {numbers[2 * i], numbers[2 * i + 1]}, new int[] {indices[i]}, 1))
          .isDeepEqualTo(new float[][][] {{said[0][i]}, {said[1][i]}});
    }
    assertThat(right).isGreaterThan(43);
    assertThat(error).isLessThan(0.35);
  }

  @Test
  void sameParametersWhateverThePartitions() {
    List<Row> rows = rows(200, 1, 3);
    float[] first = null;
    for (int partitions : new int[] {1, 3}) {
      float[] parameters =
          new Trainer(definition(0.5, 0.3), settings(2), 7, TrainingProgress.SILENT)
              .train(features(rows, partitions), features(rows(40, 9, 0), 1))
              .parameters();
      first = first == null ? parameters : first;
      assertThat(parameters).containsExactly(first);
    }
  }

  /** What a missing label might have been changes nothing; that it is missing does. */
  @Test
  void aMissingLabelCountsForNothing() {
    NetworkDefinition definition = definition(1, 0);
    float[] start = definition.initial(ADAM, 7).parameters();
    List<Row> none = new ArrayList<>();
    for (Row row : rows(64, 1, 0)) {
      none.add(
          RowFactory.create(
              row.get(0),
              RowFactory.create(row.getStruct(1).get(0), null),
              row.get(2),
              row.get(3)));
    }
    float[] trained = train(definition, 1, none).parameters();
    // The decoder of the number has nothing to learn from; the shared layers learn from the class.
    int decoder = 8 * 4 + 4 + 4 + 1;
    int from = decoderOfTheNumber(definition, start.length, decoder);
    for (int i = 0; i < start.length; i++) {
      if (i >= from && i < from + decoder) {
        assertThat(trained[i]).as("parameter %s", i).isEqualTo(start[i]);
      }
    }
    assertThat(trained).isNotEqualTo(start);
  }

  /** The validation part may lack a label, but not the one that early stopping watches. */
  @Test
  void aLabelThatNoValidationRowHasIsNotMeasured() {
    List<Row> validation = new ArrayList<>();
    for (Row row : rows(40, 99, 0)) {
      validation.add(
          RowFactory.create(
              row.get(0),
              RowFactory.create(null, row.getStruct(1).get(1)),
              row.get(2),
              row.get(3)));
    }
    Dataset<Row> train = features(rows(64, 1, 3), 2);
    Dataset<Row> held = features(validation, 2);
    TrainedNetwork trained =
        new Trainer(definition(1, 0), settings(2), 7, TrainingProgress.SILENT).train(train, held);
    assertThat(trained.history())
        .hasSize(2)
        .allSatisfy(
            epoch -> {
              assertThat(epoch.validationLoss()).isFinite();
              assertThat(epoch.validationMetrics()).isEmpty();
            });

    TrainSettings watching =
        TrainSettingsBuilder.of(2, 16, 2, 4, ADAM)
            .earlyStopping(new TrainSettings.EarlyStopping("kind.accuracy", 0, 0))
            .build();
    assertThatThrownBy(
            () ->
                new Trainer(definition(1, 0), watching, 7, TrainingProgress.SILENT)
                    .train(train, held))
        .hasMessage(
            "train.early-stopping.metric must be defined on the validation part, kind.accuracy is undefined: no rows");
  }

  /** Where its parameters begin: where the layers of its name stand. */
  private static int decoderOfTheNumber(NetworkDefinition definition, int all, int own) {
    org.deeplearning4j.nn.graph.ComputationGraph graph =
        (org.deeplearning4j.nn.graph.ComputationGraph) definition.initial(ADAM, 7).model();
    long from = all;
    long counted = 0;
    for (String layer : List.of("decoder/amount/dense1", "decoder/amount/output")) {
      for (org.nd4j.linalg.api.ndarray.INDArray array :
          graph.getLayer(layer).paramTable().values()) {
        from = Math.min(from, array.offset());
        counted += array.length();
      }
    }
    assertThat(counted).isEqualTo(own);
    return (int) from;
  }

  @Test
  void aLossCountsByItsWeight() {
    List<Row> rows = rows(300, 1, 0);
    double even = errorOfNumbers(train(definition(1, 0), 4, rows));
    double hardly = errorOfNumbers(train(definition(0.001, 0), 4, rows));
    assertThat(even).isLessThan(hardly);
  }

  private static double errorOfNumbers(TrainedNetwork trained) {
    Predictor predictor = trained.definition().predictor(trained.parameters());
    double error = 0;
    for (Row row : rows(100, 5, 0)) {
      List<Float> x = row.getAs(2);
      List<Integer> k = row.getAs(3);
      float said =
          predictor.predict(new float[] {x.get(0), x.get(1)}, new int[] {k.get(0)}, 1)[1][0][0];
      error += Math.abs(said - row.getStruct(1).getDouble(1));
    }
    return error;
  }

  @Test
  void aDefinitionTravelsAsJson() {
    NetworkDefinition definition = definition(2, 0.1);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }
}
