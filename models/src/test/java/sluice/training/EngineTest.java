package sluice.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.PeriodicNumbers;
import sluice.network.spec.TransformerEncoder;
import sluice.network.spec.Weighting;
import sluice.testing.LocalSpark;
import sluice.training.TrainSettings.Engine;

/** Trainings by Deeplearning4j's own steps come to what compiled ones come to. */
final class EngineTest {
  private static final List<TensorSpec> GROUPS =
      List.of(
          TensorSpec.of("x", Element.FLOAT32, List.of(2), List.of("a", "b"), List.of(), List.of()),
          TensorSpec.of(
              "k", Element.INDEX, List.of(1), List.of("k"), List.of(4), List.of(List.of())));

  /** Between them they have every layer of our own that an encoder can have. */
  static List<Encoder> encoders() {
    return List.of(
        new TransformerEncoder(4, 2, 2, 5, 0, 0),
        new MlpEncoder(
            List.of(5),
            HiddenActivation.GELU_ERF,
            0,
            InitialWeights.HE,
            new Embeddings(2),
            new PeriodicNumbers(2, 3, 0.3)));
  }

  private static Dataset<Row> features() {
    Random random = new Random(2);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      float a = (float) random.nextGaussian();
      float b = (float) random.nextGaussian();
      int k = random.nextInt(4);
      Integer kind = a + k > 1 ? 1 : 0;
      Double amount = i % 7 == 0 ? null : (double) (a - b);
      rows.add(
          RowFactory.create("row" + i, RowFactory.create(kind, amount), List.of(a, b), List.of(k)));
    }
    StructType schema =
        new StructType()
            .add("key", DataTypes.StringType)
            .add(
                "label",
                new StructType().add("_0", DataTypes.IntegerType).add("_1", DataTypes.DoubleType))
            .add("x", DataTypes.createArrayType(DataTypes.FloatType))
            .add("k", DataTypes.createArrayType(DataTypes.IntegerType));
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void bothComeToTheSame(Encoder encoder) {
    NetworkDefinition definition =
        new NetworkDefinition(
            new EncoderNetwork(
                Map.of("columns", encoder),
                new Concatenation(List.of(4), HiddenActivation.GELU_TANH, 0, InitialWeights.HE),
                Map.of(),
                Loss.AUTO,
                Weighting.UNCERTAINTY,
                0.0),
            GROUPS,
            List.of(Target.binary(1).named("kind"), Target.number().named("amount")));
    float[] compiled = train(definition, Engine.COMPILED);
    float[] expected = train(definition, Engine.DL4J);
    assertThat(compiled).hasSameSizeAs(expected).isNotEqualTo(expected);
    for (int i = 0; i < compiled.length; i++) {
      assertThat(compiled[i])
          .as("parameter %s", i)
          .isCloseTo(expected[i], within(1e-5f + 1e-4f * Math.abs(expected[i])));
    }
  }

  private static float[] train(NetworkDefinition definition, Engine engine) {
    // With an epsilon by which gradients of nearly nothing do not become steps of full length.
    UpdaterSpec updater = new UpdaterSpec.AdamW(0.01, 0.9, 0.999, 1e-3, 0.1);
    TrainSettings settings = TrainSettingsBuilder.of(2, 16, 2, 2, updater).engine(engine).build();
    Dataset<Row> features = features();
    return new Trainer(definition, settings, 7, TrainingProgress.SILENT)
        .train(features, features.limit(0))
        .parameters();
  }
}
