package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;

/** Sums of learnt vectors, each times its weight. */
class WeightedBagTest {
  private static final int STEPS = 5;
  private static final int VOCABULARY = 7;

  private static LayerChecks checks(Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(2, STEPS),
        (random, examples) -> {
          float[] numbers = LayerChecks.numbers(random, 2 * STEPS * examples);
          for (int i = 0; i < numbers.length; i++) {
            if (i / STEPS % 2 == 0) {
              numbers[i] = random.nextInt(VOCABULARY);
            }
          }
          return numbers;
        },
        layers);
  }

  private static WeightedBag bag(int size) {
    return new WeightedBag.Builder(VOCABULARY).nOut(size).build();
  }

  @Test
  void isALayerAsAnyOther() throws IOException {
    checks(bag(6)).hold();
    checks(bag(4), new LayerNorm.Builder().build()).withMasks().hold();
    checks(bag(6)).withMasks().hold();
  }

  private static MultiLayerConfiguration configuration(int vocabulary, int size) {
    Natives.load();
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.1))
        .list()
        .layer(new WeightedBag.Builder(vocabulary).nOut(size).build())
        .layer(
            new OutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nOut(2)
                .build())
        .setInputType(InputType.recurrent(2))
        .build();
  }

  /** Of a large table a step changes the rows that it reads, and not what stands in padding. */
  @Test
  void aLargeTableIsUpdatedByItsRows() {
    int words = 1 << 18;
    MultiLayerConfiguration configuration = configuration(words, 4);
    INDArray in =
        FloatArrays.create(new float[] {5, 200_000, 3, 1, -1, 1, 7, 5, 0, 2, 0.5f, 1}, 2, 2, 3);
    assertThat(LayerChecks.changedRows(configuration, in, words, 4)).containsExactly(5, 7, 200_000);
  }

  /** The weight of a step comes out of a layer that learns: [examples, 1, time] of numbers. */
  private static ComputationGraphConfiguration learnedWeights() {
    Natives.load();
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Sgd(0.5))
        .graphBuilder()
        .addInputs("index", "numbers")
        .addLayer("weight", new SeriesTokens.Builder(1).build(), "numbers")
        .addVertex("steps", new MergeVertex(), "index", "weight")
        .addLayer("bag", bag(3), "steps")
        .addLayer(
            "out",
            new OutputLayer.Builder(new LossMSE()).activation(Activation.IDENTITY).nOut(2).build(),
            "bag")
        .setOutputs("out")
        .setInputTypes(InputType.recurrent(1, STEPS), InputType.recurrent(2, STEPS))
        .build();
  }

  private static MultiDataSet batch(Random random, int examples) {
    float[] indices = new float[examples * STEPS];
    float[] mask = new float[examples * STEPS];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(VOCABULARY);
      mask[i] = random.nextInt(4) == 0 ? 0 : 1;
    }
    return new MultiDataSet(
        new INDArray[] {
          FloatArrays.create(indices, examples, 1, STEPS),
          FloatArrays.create(LayerChecks.numbers(random, 2 * indices.length), examples, 2, STEPS)
        },
        new INDArray[] {FloatArrays.create(LayerChecks.numbers(random, 2 * examples), examples, 2)},
        new INDArray[] {
          FloatArrays.create(mask, examples, STEPS), FloatArrays.create(mask, examples, STEPS)
        },
        null);
  }

  /** Against differences of the loss, and the kernel against the layer. */
  @Test
  void passesGradientsToItsWeights() {
    Network expected = Network.of(learnedWeights());
    CompiledNetwork found =
        CompiledNetwork.training(learnedWeights(), MatrixProducts.ofThisProcess()).orElseThrow();
    assertThat(found.fallbacks()).isEmpty();
    float[] start = expected.parameters();
    MultiDataSet batch = batch(new Random(5), 6);
    expected.setCounters(0, 0);
    double loss = expected.fit(batch);
    float[] after = expected.parameters();
    // The two factors and the bias that make a weight of numbers.
    for (int i = 0; i < 3; i++) {
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = start.clone();
        moved[i] += side == 0 ? 0.01f : -0.01f;
        expected.setParameters(moved);
        losses[side] = expected.fit(batch);
      }
      double gradient = (losses[0] - losses[1]) / 0.02;
      assertThat((start[i] - after[i]) / 0.5)
          .as("gradient %s", i)
          .isCloseTo(gradient, within(1e-3));
      assertThat(Math.abs(gradient)).isGreaterThan(1e-2);
    }
    found.setParameters(start);
    found.setCounters(0, 0);
    assertThat(found.fit(batch)).isCloseTo(loss, within(1e-5));
    LayerChecks.assertClose("parameter", found.parameters(), after);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> bag(0))
        .hasMessage("layer WeightedBag: nOut must be at least 1, got 0");
    assertThatThrownBy(() -> new WeightedBag.Builder(0).nOut(1).build())
        .hasMessage("column index: the number of categories must be from 1 to 16777216, got 0");
    assertThatThrownBy(() -> bag(2).setNIn(InputType.recurrent(1), true))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(
            "layer WeightedBag: reads series of 2 features, an index and a weight, got ");
    assertThatThrownBy(() -> bag(2).row(7))
        .hasMessage(
            "layer WeightedBag: column index: the index of a category must be a whole number from 0"
                + " to 6, got 7.0");
    MultiLayerConfiguration dropping =
        checks(new WeightedBag.Builder(VOCABULARY).nOut(2).name("n-grams").dropOut(0.5).build())
            .configuration();
    assertThatThrownBy(() -> Network.of(dropping).parameters())
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(
            "layer n-grams: must have no dropout, which would change indices, got Dropout");
  }
}
