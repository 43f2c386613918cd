package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.FloatArrays;
import sluice.network.Network;

/**
 * Deeplearning4j's network and the compiled one, on the same random examples.
 *
 * @param inputs shapes of an example of each input
 * @param outputs classes of each output
 */
record Comparison(List<int[]> inputs, List<Integer> outputs) {
  private static final double SMALL = 1e-3;

  /** One input and one output. */
  static Comparison of(int outputs, int... shape) {
    return new Comparison(List.of(shape), List.of(outputs));
  }

  static CompiledNetwork compiled(MultiLayerConfiguration configuration) {
    return CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
  }

  static CompiledNetwork compiled(ComputationGraphConfiguration configuration) {
    return CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
  }

  CompiledNetwork steps(
      MultiLayerConfiguration configuration, int seed, int examples, boolean weighted) {
    return steps(Network.of(configuration), compiled(configuration), seed, examples, weighted);
  }

  CompiledNetwork steps(
      ComputationGraphConfiguration configuration, int seed, int examples, boolean weighted) {
    return steps(Network.of(configuration), compiled(configuration), seed, examples, weighted);
  }

  /** Trains both and compares after each step. */
  private CompiledNetwork steps(
      Network own, CompiledNetwork found, int seed, int examples, boolean weighted) {
    // Deeplearning4j's own takes a mask for more than weights.
    Network expected = weighted ? own.weighted() : own;
    Random random = new Random(seed);
    float[] start = own.parameters();
    for (int i = 0; i < start.length; i++) {
      // Upwards: variances must stay above zero.
      start[i] += 0.1f * (float) Math.abs(random.nextGaussian());
    }
    expected.setParameters(start);
    found.setParameters(start);
    found.setUpdaterState(expected.updaterState());
    for (int step = 0; step < 5; step++) {
      MultiDataSet batch = batch(random, step == 3 ? examples + 4 : examples, weighted);
      expected.setCounters(step, 0);
      found.setCounters(step, 0);
      Nd4j.getRandom().setSeed(step + 1);
      double loss = expected.fit(batch);
      Nd4j.getRandom().setSeed(step + 1);
      assertThat(found.fit(batch)).as("loss").isCloseTo(loss, within(1e-5 * (1 + loss)));
      assertClose("parameter", found.parameters(), expected.parameters());
    }
    assertClose("state", found.updaterState(), expected.updaterState());
    assertThat(found.parameters()).isNotEqualTo(start);
    return found;
  }

  static void assertClose(String what, float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      float most = 1e-5f + 1e-4f * Math.abs(expected[i]);
      // Of many numbers only those that are wrong are worth an assertion.
      if (!(Math.abs(found[i] - expected[i]) <= most)) {
        assertThat(found[i]).as("%s %d", what, i).isCloseTo(expected[i], within(most));
      }
    }
  }

  /**
   * The loss along a random direction changes as the gradient says, which is what a step of plain
   * gradient descent by 1 subtracts. Parameters that no gradient moves stay.
   */
  void slopes(MultiLayerConfiguration configuration, int seed, int examples) {
    slopes(Network.of(configuration), compiled(configuration), seed, examples);
  }

  /** {@link #slopes(MultiLayerConfiguration, int, int)} of a graph. */
  void slopes(ComputationGraphConfiguration configuration, int seed, int examples) {
    slopes(Network.of(configuration), compiled(configuration), seed, examples);
  }

  /** {@link #slopes(MultiLayerConfiguration, int, int)} at the parameters that a network has. */
  void slopes(Network own, CompiledNetwork network, int seed, int examples) {
    slopes(own, network, batch(new Random(seed), examples, false), 1);
  }

  /** {@link #slopes(MultiLayerConfiguration, int, int)} of a minibatch with any learning rate. */
  static void slopes(Network own, CompiledNetwork network, MultiDataSet batch, double rate) {
    float[] parameters = own.parameters();
    Random random = new Random(7);
    double[] direction = new double[parameters.length];
    for (Network.Span span : own.spans(0, 0)) {
      for (int i = span.from(); i < span.to(); i++) {
        direction[i] = span.rate() == 0 ? 0 : random.nextGaussian();
      }
    }
    double norm = Math.sqrt(Arrays.stream(direction).map(x -> x * x).sum());
    for (int i = 0; i < direction.length; i++) {
      direction[i] *= 10 / norm;
    }
    loss(network, batch, parameters, direction, 0);
    float[] after = network.parameters();
    double slope = 0;
    for (int i = 0; i < direction.length; i++) {
      slope += ((double) parameters[i] - after[i]) / rate * direction[i];
    }
    double difference =
        (loss(network, batch, parameters, direction, SMALL)
                - loss(network, batch, parameters, direction, -SMALL))
            / (2 * SMALL);
    assertThat(slope).isCloseTo(difference, within(2e-3 * (1 + Math.abs(difference))));
    assertThat(Math.abs(slope)).isGreaterThan(1e-3);
  }

  private static double loss(
      CompiledNetwork network,
      MultiDataSet batch,
      float[] parameters,
      double[] direction,
      double length) {
    float[] moved = new float[parameters.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (parameters[i] + length * direction[i]);
    }
    network.setParameters(moved);
    network.setCounters(0, 0);
    return network.fit(batch);
  }

  /** A prediction is Deeplearning4j's, and the same bits alone and among others. */
  void predictions(MultiLayerConfiguration configuration, int examples) {
    Network network = Network.of(configuration);
    predictions(
        network,
        CompiledNetwork.predicting(
                configuration,
                MatrixProducts.ofThisProcess(),
                SharedParameters.of(network.parameters()))
            .orElseThrow(),
        examples);
  }

  /** {@link #predictions(MultiLayerConfiguration, int)} of a graph. */
  void predictions(ComputationGraphConfiguration configuration, int examples) {
    Network network = Network.of(configuration);
    predictions(
        network,
        CompiledNetwork.predicting(
                configuration,
                MatrixProducts.ofThisProcess(),
                SharedParameters.of(network.parameters()))
            .orElseThrow(),
        examples);
  }

  private void predictions(Network network, CompiledNetwork predicting, int examples) {
    int width = size(inputs.get(0));
    int classes = outputs.get(0);
    float[] rows = numbers(new Random(4), examples * width);
    float[] together = predicting.outputs(new float[][] {rows}, examples)[0];
    assertThat(together)
        .containsExactly(
            FloatArrays.copy(network.outputs(FloatArrays.create(rows, examples, width))[0]),
            within(1e-5f));
    for (int i = 0; i < examples; i++) {
      float[] row = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
      assertThat(predicting.outputs(new float[][] {row}, 1)[0])
          .containsExactly(Arrays.copyOfRange(together, i * classes, (i + 1) * classes));
    }
  }

  MultiDataSet batch(Random random, int examples, boolean weighted) {
    List<INDArray> features = new ArrayList<>();
    for (int[] shape : inputs) {
      long[] all = new long[shape.length + 1];
      all[0] = examples;
      Arrays.setAll(all, i -> i == 0 ? examples : shape[i - 1]);
      features.add(FloatArrays.create(numbers(random, examples * size(shape)), all));
    }
    List<INDArray> labels = new ArrayList<>();
    @Nullable INDArray[] masks = new INDArray[outputs.size()];
    for (int output = 0; output < masks.length; output++) {
      int classes = outputs.get(output);
      float[] label = new float[examples * classes];
      float[] weights = new float[examples];
      for (int i = 0; i < examples; i++) {
        label[i * classes + random.nextInt(classes)] = 1;
        weights[i] = 0.5f + random.nextFloat();
      }
      labels.add(FloatArrays.create(label, examples, classes));
      masks[output] = FloatArrays.create(weights, examples, 1);
    }
    return new MultiDataSet(
        features.toArray(new INDArray[0]),
        labels.toArray(new INDArray[0]),
        null,
        weighted ? masks : null);
  }

  private static int size(int[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
