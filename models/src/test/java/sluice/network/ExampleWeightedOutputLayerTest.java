package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A mask over the labels is a weight of each example, whoever takes the step. */
class ExampleWeightedOutputLayerTest {
  private static final int WIDTH = 12;
  private static final int CLASSES = 3;

  private static Network network(ILossFunction loss) {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(1e-2))
            .list()
            .layer(
                new DenseLayer.Builder()
                    .nIn(WIDTH)
                    .nOut(9)
                    .dropOut(0.8)
                    .activation(Activation.RELU)
                    .build())
            .layer(
                new OutputLayer.Builder(loss)
                    .nIn(9)
                    .nOut(CLASSES)
                    .activation(Activation.IDENTITY)
                    .build())
            .build());
  }

  /** The last loss has no kernel, so that a compiled network leaves it to this layer. */
  static List<Replica> ways() {
    Network layers = network(new LossMSE());
    return List.of(
        layers.weighted(),
        Network.of(((MultiLayerNetwork) layers.model()).toComputationGraph()).weighted(),
        layers.replica(),
        network(new LossL2()).replica());
  }

  /** Deeplearning4j's own layer would multiply what comes before the activation, too. */
  @ParameterizedTest
  @MethodSource("ways")
  void aMaskOverTheLabelsIsAWeightOfTheLosses(Replica way) {
    float[] start = network(new LossMSE()).parameters();
    double first = 3 * loss(way, start, 1, 0, 0);
    double second = 3 * loss(way, start, 0, 1, 0);
    float[] once = way.parameters();
    double third = 3 * loss(way, start, 0, 0, 1);
    assertThat(3 * loss(way, start, 0.5f, 2, 7))
        .isCloseTo(0.5 * first + 2 * second + 7 * third, within(1e-4));
    loss(way, start, 0, 3, 0);
    float[] thrice = way.parameters();
    double most = 0;
    for (int i = 0; i < start.length; i++) {
      assertThat(thrice[i] - start[i]).isCloseTo(3 * (once[i] - start[i]), within(1e-6f));
      most = Math.max(most, Math.abs(once[i] - start[i]));
    }
    assertThat(most).isGreaterThan(1e-4);
  }

  /** Its mask is a single number. */
  @ParameterizedTest
  @MethodSource("ways")
  void anExampleAloneHasItsWeight(Replica way) {
    float[] start = network(new LossMSE()).parameters();
    double once = loss(way, start, 1);
    float[] after = way.parameters();
    assertThat(loss(way, start, 3)).isCloseTo(3 * once, within(1e-5));
    float[] thrice = way.parameters();
    for (int i = 0; i < start.length; i++) {
      assertThat(thrice[i] - start[i]).isCloseTo(3 * (after[i] - start[i]), within(1e-6f));
    }
  }

  private static double loss(Replica way, float[] start, float... weights) {
    float[] inputs = new float[weights.length * WIDTH];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) Math.sin(i);
    }
    float[] labels = Arrays.copyOf(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3 * weights.length);
    way.setParameters(start);
    way.setCounters(0, 0);
    Nd4j.getRandom().setSeed(1);
    return way.fit(
        new MultiDataSet(
            new INDArray[] {FloatArrays.create(inputs, weights.length, WIDTH)},
            new INDArray[] {FloatArrays.create(labels, weights.length, CLASSES)},
            null,
            new INDArray[] {FloatArrays.create(weights, weights.length, 1)}));
  }
}
