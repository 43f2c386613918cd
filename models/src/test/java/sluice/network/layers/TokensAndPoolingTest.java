package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.layers.SeriesPooling.Kind;
import sluice.network.layers.TransformerBlock.Norm;

/** Tokens of series, rotary positions and pooling. */
class TokensAndPoolingTest {
  private static final int STEPS = 5;
  private static final int VOCABULARY = 7;

  private static LayerChecks ofNumbers(int features, Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(features, STEPS),
        (random, examples) -> LayerChecks.numbers(random, features * STEPS * examples),
        layers);
  }

  /** Indices of tokens, and of segments where there are two features. */
  private static LayerChecks ofIndices(int features, Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(features, STEPS),
        (random, examples) -> {
          float[] indices = new float[features * STEPS * examples];
          for (int i = 0; i < indices.length; i++) {
            boolean segment = i / STEPS % features == 1;
            indices[i] = random.nextInt(segment ? 2 : VOCABULARY);
          }
          return indices;
        },
        layers);
  }

  private static Layer pooling(Kind kind) {
    return new SeriesPooling.Builder(kind).build();
  }

  @Test
  void indicesBecomeTokens() throws IOException {
    Layer tokens =
        new SeriesTokens.Builder(6).vocabulary(VOCABULARY).positions(STEPS).segments(2).build();
    ofIndices(2, tokens, pooling(Kind.MEAN)).hold();
    ofIndices(1, tokens, pooling(Kind.MEAN)).withMasks().hold();
    ofIndices(2, tokens, pooling(Kind.MEAN)).withMasks().hold();
    ofIndices(1, new SeriesTokens.Builder(5).vocabulary(VOCABULARY).build(), pooling(Kind.MAX))
        .withMasks()
        .kernelsComputeTheSame();
  }

  @Test
  void numbersBecomeTokens() throws IOException {
    Layer tokens = new SeriesTokens.Builder(6).positions(8).build();
    ofNumbers(3, new LayerNorm.Builder().build(), tokens, pooling(Kind.MEAN)).hold();
    ofNumbers(3, new LayerNorm.Builder().build(), tokens, pooling(Kind.MEAN)).withMasks().hold();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void poolingIsALayerAsAnyOther(Kind kind) throws IOException {
    ofNumbers(3, new LayerNorm.Builder().build(), pooling(kind)).hold();
    ofNumbers(3, new LayerNorm.Builder().build(), pooling(kind)).withMasks().hold();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void rotaryBlocksAreLayersAsAnyOther(Norm norm) throws IOException {
    Layer block = new TransformerBlock.Builder(2, 7).norm(norm).rotary().build();
    ofNumbers(12, block, pooling(Kind.LAST)).hold();
    ofNumbers(12, block, pooling(Kind.ATTENTION)).withMasks().kernelsComputeTheSame();
  }

  @Test
  void rotaryAttentionIsALayerAsAnyOther() throws IOException {
    Layer attention = new SelfAttention.Builder(2).nOut(4).rotary().causal().build();
    ofNumbers(3, attention, pooling(Kind.FIRST)).kernelsComputeTheSame();
    ofNumbers(3, attention, pooling(Kind.LAST)).withMasks().hold();
  }

  /** The product of a query and a key goes by the distance of their steps. */
  @Test
  void rotationGoesByDistance() {
    Natives.load();
    int time = 6;
    int width = 8;
    float[] one = LayerChecks.numbers(new Random(3), 3 * width);
    INDArray all = Nd4j.create(time, 3 * width);
    for (int step = 0; step < time; step++) {
      all.putRow(step, Nd4j.createFromArray(one));
    }
    INDArray turned = Rotation.turned(all, 2, time, 1);
    double[][] products = new double[time][time];
    for (int query = 0; query < time; query++) {
      for (int key = 0; key < time; key++) {
        for (int i = 0; i < 4; i++) {
          products[query][key] += turned.getDouble(query, i) * turned.getDouble(key, width + i);
        }
      }
    }
    for (int query = 1; query < time; query++) {
      for (int key = 1; key < time; key++) {
        assertThat(products[query][key]).isCloseTo(products[query - 1][key - 1], within(1e-5));
      }
    }
    assertThat(products[3][0]).isNotCloseTo(products[0][3], within(1e-3));
    INDArray back = Rotation.turned(turned, 2, time, -1);
    assertThat(back.toFloatMatrix()[4]).containsExactly(one, within(1e-5f));
  }

  /** Of a large table a step changes the rows that it reads, and not what stands in padding. */
  @Test
  void aLargeTableIsUpdatedByItsRows() {
    Natives.load();
    int words = 1 << 18;
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Adam(0.1))
            .list()
            .layer(new SeriesTokens.Builder(4).vocabulary(words).build())
            .layer(pooling(Kind.MEAN))
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .activation(Activation.SOFTMAX)
                    .nOut(2)
                    .build())
            .setInputType(InputType.recurrent(1))
            .build();
    INDArray in = FloatArrays.create(new float[] {5, 200_000, 0, 7, 5, 0}, 2, 1, 3);
    assertThat(LayerChecks.changedRows(configuration, in, words, 4)).containsExactly(5, 7, 200_000);
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new SeriesTokens.Builder(0).build())
        .hasMessage("layer SeriesTokens: nOut must be at least 1, got 0");
    assertThatThrownBy(() -> new SeriesTokens.Builder(4).segments(2).build())
        .hasMessage("layer SeriesTokens: segments must be of indices, and at least 0, got 2");
    assertThatThrownBy(
            () ->
                new SeriesTokens.Builder(4)
                    .vocabulary(3)
                    .segments(2)
                    .build()
                    .setNIn(InputType.recurrent(3), false))
        .hasMessageStartingWith("layer SeriesTokens: reads series of 1 or 2 features, got ");
    assertThatThrownBy(() -> new SelfAttention.Builder(2).nOut(6).rotary().build())
        .hasMessage("layer SelfAttention: the width of a rotary head must be even, got 3");
    SeriesTokens tokens =
        new SeriesTokens.Builder(4).vocabulary(VOCABULARY).positions(3).name("words").build();
    assertThatThrownBy(() -> tokens.row(7))
        .hasMessage(
            "layer words: column index: the index of a category must be a whole number from 0 to 6,"
                + " got 7.0");
    assertThatThrownBy(() -> tokens.requirePositions(4))
        .hasMessage("layer words: a series must have at most 3 steps, which have positions, got 4");
  }
}
