package sluice.network.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.data.Task;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.losses.HuberLoss;
import sluice.network.losses.LabelSmoothing;
import sluice.network.losses.QuantileLoss;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

class LossTest {
  private static final List<TensorSpec> GROUPS =
      List.of(TensorSpec.of("x", Element.FLOAT32, List.of(2), List.of(), List.of(), List.of()));

  @Test
  void eachIsAFunctionOfDeeplearning4j() {
    assertThat(Loss.AUTO.function(Task.REGRESSION)).isEqualTo(new LossMSE());
    assertThat(Loss.AUTO.function(Task.BINARY)).isEqualTo(new LossBinaryXENT());
    assertThat(Loss.AUTO.function(Task.MULTICLASS)).isEqualTo(new LossMCXENT());
    assertThat(Loss.MEAN_ABSOLUTE_ERROR.function(Task.REGRESSION)).isEqualTo(new LossMAE());
    assertThat(new Loss.Huber(2).function(Task.REGRESSION)).isEqualTo(new HuberLoss(2));
    assertThat(new Loss.Quantile(0.9).function(Task.REGRESSION)).isEqualTo(new QuantileLoss(0.9));
    assertThat(new Loss.CrossEntropy(0.1).function(Task.BINARY))
        .isEqualTo(new LabelSmoothing(new LossBinaryXENT(), 0.1));
    assertThat(new Loss.CrossEntropy(0.1).function(Task.MULTICLASS))
        .isEqualTo(new LabelSmoothing(new LossMCXENT(), 0.1));
  }

  /** Bundles from before losses had parameters have the name of one. */
  @ParameterizedTest
  @CsvSource({
    "'\"AUTO\"', '{\"type\":\"auto\"}'",
    "'\"CROSS_ENTROPY\"', '{\"type\":\"cross-entropy\",\"labelSmoothing\":0.0}'",
    "'\"MEAN_SQUARED_ERROR\"', '{\"type\":\"mean-squared-error\"}'",
    "'\"MEAN_ABSOLUTE_ERROR\"', '{\"type\":\"mean-absolute-error\"}'",
    "'{\"type\":\"huber\",\"delta\":1.5}', '{\"type\":\"huber\",\"delta\":1.5}'",
    "'{\"type\":\"quantile\",\"tau\":0.1}', '{\"type\":\"quantile\",\"tau\":0.1}'",
  })
  void travelsAsJson(String read, String written) {
    String spec =
        """
        {"type": "mlp", "hidden": [4], "activation": "RELU", "dropout": 0.0, "l2": 0.0,
         "weightInit": "HE", "loss": %s}
        """;
    NetworkSpec found = Json.read(spec.formatted(read), NetworkSpec.class, "network.json");
    assertThat(found)
        .isEqualTo(Json.read(spec.formatted(written), NetworkSpec.class, "network.json"))
        .isEqualTo(Json.read(Json.write(found), NetworkSpec.class, "network.json"));
    assertThat(Json.write(found.lossOf("label")).replaceAll("\\s", "")).isEqualTo(written);
  }

  @Test
  void aNameThatIsNoLossIsRefused() {
    assertThatThrownBy(
            () ->
                Json.read(
                    "{\"type\": \"lenet\", \"loss\": \"HINGE\"}",
                    NetworkSpec.class,
                    "network.json"))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("\"HINGE\": there is no such loss");
  }

  @Test
  void picturesOfOlderBundlesHaveTheLossOfTheirLabel() {
    NetworkSpec lenet =
        Json.read(
            """
            {"type": "lenet", "filters": [4], "dense": 5, "activation": "RELU", "dropout": 0.0,
             "l2": 0.0, "weightInit": "HE"}
            """,
            NetworkSpec.class,
            "network.json");
    assertThat(lenet.lossOf("label")).isEqualTo(Loss.AUTO);
    assertThat(
            Json.read(
                    "{\"type\": \"resnet\", \"filters\": [4], \"blocks\": 1, \"l2\": 0.0}",
                    NetworkSpec.class,
                    "network.json")
                .lossOf("label"))
        .isEqualTo(Loss.AUTO);
  }

  @Test
  void aLabelMayHaveALossOfItsOwn() {
    Decoder absolute =
        new Decoder(
            List.of(), HiddenActivation.RELU, 0, InitialWeights.HE, 1, Loss.MEAN_ABSOLUTE_ERROR);
    NetworkDefinition definition =
        new NetworkDefinition(
            new EncoderNetwork(
                Map.of(),
                Concatenation.plain(),
                Map.of("second", absolute),
                new Loss.Huber(0.5),
                0.0),
            GROUPS,
            List.of(Target.number().named("first"), Target.number().named("second")));
    ComputationGraph graph =
        (ComputationGraph) definition.initial(new UpdaterSpec.Sgd(1), 1).model();
    assertThat(function(graph, "decoder/first/output")).isEqualTo(new HuberLoss(0.5));
    assertThat(function(graph, "decoder/second/output")).isEqualTo(new LossMAE());
  }

  private static ILossFunction function(ComputationGraph graph, String layer) {
    return ((BaseOutputLayer) graph.getLayer(layer).conf().getLayer()).getLossFn();
  }

  @Test
  void aLossThatDoesNotSuitTheLabelIsRefused() {
    NetworkDefinition definition =
        new NetworkDefinition(
            EncoderNetwork.of("columns", MlpEncoder.standard(), new Loss.Quantile(0.5), 0.0),
            GROUPS,
            Target.binary(1));
    assertThatThrownBy(() -> definition.initial(new UpdaterSpec.Sgd(1), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("model.loss quantile needs a label of numbers, got classes");
    assertThatThrownBy(() -> new Loss.CrossEntropy(1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("label-smoothing must be at least 0 and below 1, got 1.0");
  }
}
