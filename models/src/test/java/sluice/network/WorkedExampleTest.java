package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;

/** A network of two layers worked out by hand, against what Deeplearning4j computes. */
class WorkedExampleTest {
  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  private static final NetworkDefinition DEFINITION =
      new NetworkDefinition(
          new MultilayerPerceptron(
              List.of(2),
              MultilayerPerceptron.HiddenActivation.SIGMOID,
              0,
              0,
              MultilayerPerceptron.InitialWeights.XAVIER,
              Loss.CROSS_ENTROPY),
          List.of(
              TensorSpec.of(
                  "x", Element.FLOAT32, List.of(2), List.of("x1", "x2"), List.of(), List.of())),
          Target.binary(1));

  @Test
  void sigmoidOfOneThreeAndFive() {
    assertThat(sigmoid(1)).isCloseTo(0.7311, within(5e-5));
    assertThat(sigmoid(3)).isCloseTo(0.9526, within(5e-5));
    assertThat(sigmoid(5)).isCloseTo(0.9933, within(5e-5));
  }

  /**
   * Input (1, 2), true class 0. Hidden weights 1, -1 to the first unit from the inputs and 2, 1 to
   * the second, biases 2 and 1: sums 1 and 5. Output weights such that its sum is 3.
   */
  @Test
  void forwardLossGradientAndOneUpdate() {
    double[] x = {1, 2};
    double[][] w1 = {{1, 2}, {-1, 1}};
    double[] b1 = {2, 1};
    double h1 = sigmoid(x[0] * w1[0][0] + x[1] * w1[1][0] + b1[0]);
    double h2 = sigmoid(x[0] * w1[0][1] + x[1] * w1[1][1] + b1[1]);
    assertThat(h1).isEqualTo(sigmoid(1));
    assertThat(h2).isEqualTo(sigmoid(5));
    double[] w2 = {1, 1};
    double b2 = 3 - h1 - h2;
    double p = sigmoid(3);
    double loss = -Math.log(1 - p);
    double delta = p - 0;
    double[] gradW2 = {delta * h1, delta * h2};
    double d1 = delta * w2[0] * h1 * (1 - h1);
    double d2 = delta * w2[1] * h2 * (1 - h2);
    double[][] gradW1 = {{x[0] * d1, x[0] * d2}, {x[1] * d1, x[1] * d2}};
    double rate = 0.1;

    MultiLayerNetwork network =
        (MultiLayerNetwork) DEFINITION.initial(new UpdaterSpec.Sgd(rate), 1).model();
    network.setParam("0_W", Nd4j.create(new float[][] {{1, 2}, {-1, 1}}));
    network.setParam("0_b", Nd4j.create(new float[][] {{2, 1}}));
    network.setParam("1_W", Nd4j.create(new float[][] {{1}, {1}}));
    network.setParam("1_b", Nd4j.create(new float[][] {{(float) b2}}));
    INDArray input = Nd4j.create(new float[][] {{1, 2}});
    DataSet example = new DataSet(input, Nd4j.create(new float[][] {{0}}));

    assertThat(network.output(input).getDouble(0)).isCloseTo(0.9526, within(5e-5));
    assertThat(network.score(example)).isCloseTo(loss, within(1e-5));

    network.fit(example);

    INDArray w1After = network.getParam("0_W");
    INDArray w2After = network.getParam("1_W");
    for (int i = 0; i < 2; i++) {
      assertThat(w2After.getDouble(i, 0)).isCloseTo(w2[i] - rate * gradW2[i], within(1e-6));
      for (int j = 0; j < 2; j++) {
        assertThat(w1After.getDouble(i, j)).isCloseTo(w1[i][j] - rate * gradW1[i][j], within(1e-6));
      }
    }
    assertThat(network.getParam("0_b").getDouble(0)).isCloseTo(b1[0] - rate * d1, within(1e-6));
    assertThat(network.getParam("1_b").getDouble(0)).isCloseTo(b2 - rate * delta, within(1e-6));
    assertThat(network.score(example)).isLessThan(loss);
  }
}
