package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;

/** Deeplearning4j's embedding of a series of indices comes to the same. */
class EmbeddingSequenceTest {
  private static final int INDICES = 7;
  private static final int STEPS = 5;

  private static EmbeddingSequenceLayer.Builder embedding() {
    return new EmbeddingSequenceLayer.Builder()
        .name("words")
        .nIn(INDICES)
        .nOut(3)
        .inputLength(STEPS)
        .activation(Activation.IDENTITY);
  }

  private static float[] draw(Random random, int examples) {
    float[] indices = new float[examples * STEPS];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(INDICES);
    }
    return indices;
  }

  private static LayerChecks checks(InputType type, Layer... layers) {
    return new LayerChecks(type, EmbeddingSequenceTest::draw, layers);
  }

  @Test
  void computesTheSame() {
    InputType rows = InputType.feedForward(STEPS);
    checks(rows, embedding().build()).kernelsComputeTheSame();
    checks(rows, embedding().hasBias(true).activation(Activation.TANH).build())
        .kernelsComputeTheSame();
    checks(rows, embedding().activation(Activation.SWISH).build(), new LayerNorm.Builder().build())
        .kernelsComputeTheSame();
    checks(InputType.recurrent(1, STEPS), embedding().hasBias(true).build())
        .kernelsComputeTheSame();
  }

  /** Deeplearning4j passes over it, too. */
  @Test
  void indicesAreNotDropped() {
    checks(InputType.feedForward(STEPS), embedding().dropOut(0.5).build()).kernelsComputeTheSame();
  }

  @Test
  void refusesWhatIsNoIndex() {
    CompiledNetwork network =
        CompiledNetwork.training(
                checks(InputType.feedForward(STEPS), embedding().build()).configuration(),
                MatrixProducts.ofThisProcess())
            .orElseThrow();
    for (float wrong : new float[] {-1, 7, 2.5f, Float.NaN}) {
      MultiDataSet batch =
          new MultiDataSet(
              new INDArray[] {FloatArrays.create(new float[] {0, 6, 1, wrong, 2}, 1, STEPS)},
              new INDArray[] {FloatArrays.create(new float[3 * STEPS], 1, 3, STEPS)});
      assertThatThrownBy(() -> network.fit(batch))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "layer words: step 3: an index must be a whole number from 0 to 6, got %s"
                  .formatted(wrong));
    }
  }
}
