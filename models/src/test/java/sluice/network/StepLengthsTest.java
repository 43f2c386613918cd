package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.SeriesTokens;
import sluice.network.layers.TransformerBlock;

class StepLengthsTest {
  private static final int FEATURES = 3;

  @Test
  void areFewAndPadByLittle() {
    assertThat(IntStream.of(0, 1, 8, 9, 17, 63, 64, 65, 81, 128, 129, 512, 513))
        .extracting(StepLengths::padded)
        .containsExactly(8, 8, 8, 16, 24, 64, 64, 80, 96, 128, 160, 512, 640);
    assertThat(IntStream.rangeClosed(0, 512).map(StepLengths::padded).distinct()).hasSize(20);
    for (int steps = 33; steps < 5000; steps++) {
      assertThat(StepLengths.padded(steps)).isBetween(steps, steps + steps / 4);
    }
  }

  private static Network network() {
    Natives.load();
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .list()
            .layer(new SeriesTokens.Builder(8).positions(40).build())
            .layer(new TransformerBlock.Builder(2, 8).rotary().build())
            .layer(new SeriesPooling.Builder(SeriesPooling.Kind.ATTENTION).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .activation(Activation.SOFTMAX)
                    .nOut(2)
                    .build())
            .setInputType(InputType.recurrent(FEATURES))
            .build());
  }

  /** By Deeplearning4j's layers, too, predictions do not depend on the padding, to the bit. */
  @Test
  void deeplearning4jsPredictionsDoNotDependOnThePadding() {
    Network network = network();
    Inference alone = new Dl4jInference(network);
    Random random = new Random(4);
    int[] lengths = {0, 3, 8, 9, 20, 1, 30, 5, 5, 12};
    int most = 33;
    float[] all = new float[lengths.length * FEATURES * most];
    float[] mask = new float[lengths.length * most];
    for (int i = 0; i < lengths.length; i++) {
      Arrays.fill(mask, i * most, i * most + lengths[i], 1);
      for (int j = 0; j < FEATURES; j++) {
        for (int step = 0; step < lengths[i]; step++) {
          all[(i * FEATURES + j) * most + step] = (float) random.nextGaussian();
        }
      }
    }
    float[][] masks = {mask};
    float[] together = alone.outputs(new float[][] {all}, masks, lengths.length)[0];
    for (int i = 0; i < lengths.length; i++) {
      int steps = Math.max(1, lengths[i]);
      float[] one = new float[FEATURES * steps];
      StepLengths.copy(all, i * FEATURES * most, most, one, 0, steps, FEATURES);
      float[][] own = {Arrays.copyOfRange(mask, i * most, i * most + steps)};
      assertThat(alone.outputs(new float[][] {one}, own, 1)[0])
          .containsExactly(together[2 * i], together[2 * i + 1]);
    }
    assertThat(network.inference().outputs(new float[][] {all}, masks, lengths.length)[0])
        .containsExactly(together, within(1e-5f));
  }
}
