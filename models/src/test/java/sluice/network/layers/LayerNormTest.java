package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;

class LayerNormTest {
  @Test
  void ofRowsIsALayerAsAnyOther() throws IOException {
    new LayerChecks(
            InputType.feedForward(5),
            (random, examples) -> LayerChecks.numbers(random, 5 * examples),
            new DenseLayer.Builder().nOut(7).build(),
            new LayerNorm.Builder().build(),
            new LayerNorm.Builder().epsilon(0.1).build())
        .hold();
  }

  @Test
  void dropsOutWhatItReads() {
    new LayerChecks(
            InputType.feedForward(5),
            (random, examples) -> LayerChecks.numbers(random, 5 * examples),
            new DenseLayer.Builder().nOut(7).build(),
            new LayerNorm.Builder().dropOut(0.8).build())
        .kernelsComputeTheSame();
  }

  private static LayerChecks series() {
    return new LayerChecks(
        InputType.recurrent(3, 5),
        (random, examples) -> LayerChecks.numbers(random, 15 * examples),
        new LSTM.Builder().nOut(4).name("lstm").build(),
        new LayerNorm.Builder().name("norm").build());
  }

  @Test
  void ofSeriesIsALayerAsAnyOther() throws IOException {
    LayerChecks checks = series();
    checks.gradientsAreRight();
    checks.kernelsComputeTheSame();
    checks.withMasks().gradientsAreRight();
    checks.withMasks().kernelsComputeTheSame();
    checks.isReadAsItWasWritten();
  }

  /** With gains of 1 and biases of 0 each step has mean 0 and variance 1. */
  @Test
  void stepsOfASeriesAreNormalised() {
    MultiLayerNetwork network = new MultiLayerNetwork(series().configuration());
    network.init();
    INDArray in = FloatArrays.create(LayerChecks.numbers(new Random(3), 30), 2, 3, 5);
    INDArray out = network.feedForward(in).get(2);
    assertThat(out.shape()).containsExactly(2, 4, 5);
    assertThat(FloatArrays.copy(out.mean(1))).containsOnly(new float[10], within(1e-6f));
    for (float variance : FloatArrays.copy(out.mul(out).mean(1))) {
      assertThat(variance).isBetween(0.9f, 1.001f);
    }
  }

  @Test
  void stepsThatAreMaskedAreZero() {
    MultiLayerNetwork network = new MultiLayerNetwork(series().configuration());
    network.init();
    INDArray in = FloatArrays.create(LayerChecks.numbers(new Random(3), 30), 2, 3, 5);
    INDArray mask = FloatArrays.create(new float[] {1, 1, 0, 0, 0, 1, 1, 1, 1, 1}, 2, 5);
    network.setLayerMaskArrays(mask, null);
    INDArray out = network.feedForward(in, false).get(2);
    float[] sums = FloatArrays.copy(out.mul(out).sum(1));
    for (int i = 0; i < sums.length; i++) {
      if (i >= 2 && i < 5) {
        assertThat(sums[i]).isZero();
      } else {
        assertThat(sums[i]).isGreaterThan(3);
      }
    }
  }

  @Test
  void readsSeriesInOneLayoutOnly() {
    LayerNorm layer = new LayerNorm.Builder().name("n").build();
    assertThatThrownBy(() -> layer.getOutputType(0, InputType.recurrent(3, 5, RNNFormat.NWC)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith("layer n: reads series of [examples, features, time], got ");
  }
}
