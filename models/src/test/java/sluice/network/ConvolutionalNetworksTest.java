package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.spec.LeNet;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;

class ConvolutionalNetworksTest {
  private static final UpdaterSpec SGD = new UpdaterSpec.Sgd(1);

  private static LeNet lenet(double dropout) {
    return new LeNet(List.of(20, 50), 500, HiddenActivation.RELU, dropout, 0, InitialWeights.HE);
  }

  private static TensorSpec picture(Integer... shape) {
    return TensorSpec.of("image", Element.FLOAT32, List.of(shape), List.of(), List.of(), List.of());
  }

  /** 20 x (25 + 1), 50 x (20 x 25 + 1), 500 x (50 x 4 x 4 + 1) and 10 x (500 + 1). */
  @Test
  void lenetHasTheLayersAndParametersOfItsDescription() {
    NetworkDefinition definition =
        new NetworkDefinition(lenet(0.5), List.of(picture(1, 28, 28)), Target.classes(10));
    Network network = definition.initial(SGD, 1);
    assertThat(network.parameters()).hasSize(520 + 25_050 + 400_500 + 5_010);
    assertThat(((MultiLayerNetwork) network.model()).getnLayers()).isEqualTo(6);
    assertThat(network.outputs(FloatArrays.create(new float[2 * 784], 2, 784))[0].shape())
        .containsExactly(2, 10);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  /**
   * Three stages of two blocks, that is 6 x 2 + 2 = 14 layers with weights, and two projections:
   * convolutions without biases, four parameters a channel in each normalisation, ten outputs.
   */
  @Test
  void resnetHasTheLayersAndParametersOfItsDescription() {
    NetworkDefinition definition =
        new NetworkDefinition(
            new ResNet(List.of(16, 32, 64), 2, 1e-4),
            List.of(picture(3, 32, 32)),
            Target.classes(10));
    Network network = definition.initial(SGD, 1);
    int stem = 9 * 3 * 16;
    int first = 4 * 9 * 16 * 16;
    int second = 9 * 16 * 32 + 3 * 9 * 32 * 32 + 16 * 32;
    int third = 9 * 32 * 64 + 3 * 9 * 64 * 64 + 32 * 64;
    int normalised = 4 * (5 * 16 + 5 * 32 + 5 * 64);
    assertThat(network.parameters())
        .hasSize(stem + first + second + third + normalised + 64 * 10 + 10);
    ComputationGraph graph = (ComputationGraph) network.model();
    assertThat(graph.getConfiguration().getVertices())
        .containsKeys("stage2-block1-shortcut", "stage3-block1-shortcut")
        .doesNotContainKeys("stage1-block1-shortcut", "stage2-block2-shortcut");
    INDArray last =
        Objects.requireNonNull(
            graph
                .feedForward(FloatArrays.create(new float[3072], 1, 3072), false)
                .get("stage3-block2-rectified"));
    assertThat(last.shape()).containsExactly(1, 64, 8, 8);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  static Stream<Arguments> misfits() {
    TensorSpec age =
        TensorSpec.of("age", Element.FLOAT32, List.of(1), List.of("age"), List.of(), List.of());
    ResNet resnet = new ResNet(List.of(4, 8, 16), 1, 0);
    return Stream.of(
        Arguments.of(
            lenet(0),
            List.of(age),
            "model lenet needs one feature group of the shape [channels, height, width], which"
                + " the step pixels gives, got age of [1]"),
        Arguments.of(
            resnet,
            List.of(picture(1, 8, 8), age),
            "model resnet needs one feature group of the shape [channels, height, width], which"
                + " the step pixels gives, got image of [1, 8, 8] and age of [1]"),
        Arguments.of(
            lenet(0),
            List.of(picture(1, 28, 15)),
            "model lenet needs pictures of at least 16 x 16 pixels, got 28 x 15"),
        Arguments.of(
            resnet,
            List.of(picture(1, 3, 9)),
            "model resnet needs pictures of at least 4 x 4 pixels, got 3 x 9"));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void theInputsMustBeOnePicture(NetworkSpec spec, List<TensorSpec> groups, String message) {
    NetworkDefinition definition = new NetworkDefinition(spec, groups, Target.binary(0));
    assertThatThrownBy(() -> definition.initial(SGD, 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(message);
  }

  @Test
  void theLeastSizesAreEnough() {
    for (NetworkDefinition least :
        List.of(
            new NetworkDefinition(lenet(0), List.of(picture(1, 16, 16)), Target.binary(0)),
            new NetworkDefinition(
                new ResNet(List.of(4, 8, 16), 1, 0), List.of(picture(1, 4, 4)), Target.number()))) {
      int width = least.batcher().inputs().get(0).width();
      assertThat(
              least
                  .initial(SGD, 1)
                  .outputs(FloatArrays.create(new float[width], 1, width))[0]
                  .shape())
          .containsExactly(1, 1);
    }
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        Arguments.of(
            (Runnable) () -> new ResNet(List.of(), 1, 0),
            "filters must hold one or more numbers of at least 1, got []"),
        Arguments.of(
            (Runnable) () -> new ResNet(List.of(1), 0, 0), "blocks must be at least 1, got 0"),
        Arguments.of(
            (Runnable) () -> new ResNet(List.of(1), 1, -1), "l2 must be at least 0, got -1.0"),
        Arguments.of((Runnable) () -> lenet(1), "dropout must be at least 0 and below 1, got 1.0"),
        Arguments.of(
            (Runnable)
                () -> new LeNet(List.of(4, 0), 1, HiddenActivation.RELU, 0, 0, InitialWeights.HE),
            "filters must hold one or more numbers of at least 1, got [4, 0]"),
        Arguments.of(
            (Runnable)
                () -> new LeNet(List.of(4), 0, HiddenActivation.RELU, 0, 0, InitialWeights.HE),
            "dense must be at least 1, got 0"));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void parametersAreChecked(Runnable made, String message) {
    assertThatThrownBy(made::run).isInstanceOf(InvalidInput.class).hasMessage(message);
  }
}
