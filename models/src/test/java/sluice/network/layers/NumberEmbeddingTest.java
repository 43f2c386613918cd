package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;

class NumberEmbeddingTest {
  private static NumberEmbedding.Builder periodic() {
    return NumberEmbedding.Builder.periodic(4, 5, 0.3)
        .name("n")
        .column("a")
        .column("b")
        .column("c");
  }

  private static NumberEmbedding.Builder piecewise() {
    return NumberEmbedding.Builder.piecewiseLinear(4)
        .name("n")
        .column("a", -1, -0.2, 0.1, 0.9)
        .column("b", 0, 1)
        .column("c", -0.5, 0.01, 0.5);
  }

  private static LayerChecks onInputs(NumberEmbedding.Builder embedding) {
    return new LayerChecks(
        InputType.feedForward(3),
        (random, examples) -> LayerChecks.numbers(random, 3 * examples),
        embedding.build());
  }

  /** The gradient by the numbers too. */
  private static LayerChecks onADenseLayer(NumberEmbedding.Builder embedding) {
    return new LayerChecks(
        InputType.feedForward(5),
        (random, examples) -> LayerChecks.numbers(random, 5 * examples),
        new DenseLayer.Builder().nOut(3).build(),
        embedding.build());
  }

  @Test
  void periodicIsALayerAsAnyOther() throws IOException {
    onInputs(periodic()).hold();
    onADenseLayer(periodic()).hold();
  }

  @Test
  void piecewiseLinearIsALayerAsAnyOther() throws IOException {
    onInputs(piecewise()).hold();
    onADenseLayer(piecewise()).hold();
  }

  /** With weights of ones and biases of zero, what comes out is the sum of the encoding. */
  private static float[] sums(NumberEmbedding.Builder embedding, float... numbers) {
    MultiLayerNetwork network = new MultiLayerNetwork(onInputs(embedding).configuration());
    network.init();
    for (int i = 0; i < 3; i++) {
      network.getParam("0_W" + i).assign(1);
    }
    network.getParam("0_b").assign(0);
    INDArray in = FloatArrays.create(numbers, numbers.length / 3, 3);
    return FloatArrays.copy(network.feedForward(in).get(1));
  }

  @Test
  void piecewiseLinearCountsTheBinsBelow() {
    float[] out = sums(piecewise(), -1.4f, 0.25f, 0.255f, 0.5f, -1, 2);
    assertThat(new float[] {out[0], out[4], out[8], out[12], out[16], out[20]})
        .containsExactly(
            new float[] {-0.5f, 0.25f, 1.5f, 2.5f, -1, 1 + 1.99f / 0.49f}, within(1e-5f));
  }

  @Test
  void frequenciesBeginAtSigma() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            onInputs(
                    NumberEmbedding.Builder.periodic(2, 3000, 0.05)
                        .column("a")
                        .column("b")
                        .column("c"))
                .configuration());
    network.init();
    assertThat(network.getParam("0_f").stdNumber().doubleValue()).isCloseTo(0.05, within(0.002));
    assertThat(network.getParam("0_f").meanNumber().doubleValue()).isCloseTo(0, within(0.002));
  }

  @Test
  void biasesBeginByTheWidthOfEachColumn() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            onInputs(
                    NumberEmbedding.Builder.piecewiseLinear(4000)
                        .column("a", 0, 1)
                        .column("b", 0, 1, 2, 3, 4)
                        .column("c", 0, 1, 2))
                .configuration());
    network.init();
    INDArray biases = network.getParam("0_b");
    assertThat(FloatArrays.copy(biases.max(1)))
        .containsExactly(new float[] {1, 0.5f, (float) Math.sqrt(0.5)}, within(0.01f));
    assertThat(FloatArrays.copy(biases.min(1)))
        .containsExactly(new float[] {-1, -0.5f, (float) -Math.sqrt(0.5)}, within(0.01f));
  }

  @Test
  void namesInputsAndOutputs() {
    NumberEmbedding layer = periodic().build();
    assertThat(layer.getOutputType(0, InputType.feedForward(3)))
        .isEqualTo(InputType.feedForward(12));
    assertThatThrownBy(() -> layer.getOutputType(0, InputType.feedForward(4)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("layer n: reads 3 numbers of each example, got ");
  }

  @Test
  void refusesWhatMakesNoSense() {
    NumberEmbedding.Builder bins = NumberEmbedding.Builder.piecewiseLinear(2);
    assertThatThrownBy(() -> bins.column("a"))
        .hasMessage(
            "column a: the piecewise linear encoding needs the edges of its bins, got none");
    String rule = "column a: the edges of bins must be at least two finite numbers that ascend, ";
    assertThatThrownBy(() -> bins.column("a", 1)).hasMessage(rule + "got [1.0]");
    assertThatThrownBy(() -> bins.column("a", 1, 1)).hasMessage(rule + "got [1.0, 1.0]");
    assertThatThrownBy(() -> bins.column("a", 1, Double.POSITIVE_INFINITY))
        .hasMessage(rule + "got [1.0, Infinity]");
    assertThatThrownBy(() -> periodic().column("a", 1, 2))
        .hasMessage("column a: the periodic encoding has no bins, got [1.0, 2.0]");
    assertThatThrownBy(bins::build)
        .hasMessage("layer NumberEmbedding: at least one column is needed, got none");
    assertThatThrownBy(NumberEmbedding.Builder.periodic(0, 1, 1).column("a")::build)
        .hasMessage("layer NumberEmbedding: the dimension must be at least 1, got 0");
    assertThatThrownBy(NumberEmbedding.Builder.periodic(1, 0, 1).column("a")::build)
        .hasMessage("layer NumberEmbedding: the number of frequencies must be at least 1, got 0");
    assertThatThrownBy(NumberEmbedding.Builder.periodic(1, 1, 0).column("a")::build)
        .hasMessage("layer NumberEmbedding: sigma must be above 0, got 0.0");
  }
}
