package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.compiled.SharedParameters;
import sluice.network.layers.TransformerBlock.Norm;

class TransformerTest {
  private static final int FEATURES = 6;
  private static final int STEPS = 5;

  private static LayerChecks checks(Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(FEATURES, STEPS),
        (random, examples) -> LayerChecks.numbers(random, FEATURES * STEPS * examples),
        layers);
  }

  private static SelfAttention.Builder attention() {
    return new SelfAttention.Builder(2).nOut(4).name("attention");
  }

  private static TransformerBlock.Builder block(Norm norm) {
    return new TransformerBlock.Builder(3, 7).norm(norm).name("block");
  }

  private static Layer numbers(int count) {
    ColumnTokens.Builder tokens = new ColumnTokens.Builder(10);
    for (int i = 0; i < count; i++) {
      tokens.number("n" + i);
    }
    return tokens.build();
  }

  private static Layer last() {
    return new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build();
  }

  /** Parameters learned with one function mean something else with another. */
  @Test
  void aFormSaysWhatIsComputedOtherwise() {
    assertThat(block(Norm.POST).build().form()).isEqualTo(" 3 heads post");
    assertThat(
            block(Norm.PRE).gelu(TransformerBlock.Gelu.ERF).epsilon(1e-12).causal().build().form())
        .isEqualTo(" 3 heads pre causal gelu erf epsilon 1.0E-12");
    assertThat(new LayerNorm.Builder().build().form()).isEmpty();
    assertThat(new LayerNorm.Builder().epsilon(1e-3).build().form()).isEqualTo(" epsilon 0.001");
  }

  @Test
  void attentionIsALayerAsAnyOther() throws IOException {
    checks(new LayerNorm.Builder().build(), attention().build(), last()).hold();
    checks(attention().causal().build(), last()).kernelsComputeTheSame();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void aBlockIsALayerAsAnyOther(Norm norm) throws IOException {
    checks(block(norm).causal().build(), last()).hold();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void geluMayBeByTheErrorFunction(Norm norm) throws IOException {
    checks(block(norm).gelu(TransformerBlock.Gelu.ERF).epsilon(1e-3).build(), last()).hold();
    checks(block(norm).gelu(TransformerBlock.Gelu.ERF).dropRate(0.2).build(), last())
        .kernelsComputeTheSame();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void dropsTheSame(Norm norm) {
    checks(
            attention().attentionDropRate(0.3).nOut(6).build(),
            block(norm).attentionDropRate(0.2).dropRate(0.1).build(),
            last())
        .kernelsComputeTheSame();
  }

  @Test
  void aTableReachesAttention() throws IOException {
    new LayerChecks(
            InputType.feedForward(3),
            (random, examples) -> {
              float[] columns = LayerChecks.numbers(random, 3 * examples);
              for (int i = 2; i < columns.length; i += 3) {
                columns[i] = random.nextInt(4);
              }
              return columns;
            },
            new ColumnTokens.Builder(6).number("a").number("b").category("c", 4).build(),
            block(Norm.PRE).build(),
            new LayerNorm.Builder().build(),
            last())
        .hold();
  }

  private static CompiledNetwork predicting(MultiLayerConfiguration configuration) {
    return CompiledNetwork.predicting(
            configuration,
            MatrixProducts.ofThisProcess(),
            SharedParameters.of(Network.of(configuration).parameters()))
        .orElseThrow();
  }

  /** An example's prediction is the same bits alone and among others. */
  @Test
  void predictionsDoNotDependOnTheOthers() {
    LayerChecks checks =
        new LayerChecks(
            InputType.feedForward(3),
            (random, examples) -> LayerChecks.numbers(random, 3 * examples),
            NumberEmbedding.Builder.periodic(4, 3, 0.5).column("a").column("b").column("c").build(),
            numbers(12),
            new TransformerBlock.Builder(2, 24).build(),
            new LayerNorm.Builder().build(),
            last());
    MultiLayerConfiguration configuration = checks.configuration();
    CompiledNetwork network = predicting(configuration);
    float[] rows = LayerChecks.numbers(new Random(2), 3 * 21);
    float[] together = network.outputs(new float[][] {rows}, 21)[0];
    for (int i = 0; i < 21; i++) {
      float[][] row = {Arrays.copyOfRange(rows, 3 * i, 3 * (i + 1))};
      assertThat(network.outputs(row, 1)[0])
          .containsExactly(Arrays.copyOfRange(together, 3 * i, 3 * (i + 1)));
    }
  }

  /** Nor on how long the series of the others are. */
  @ParameterizedTest
  @EnumSource(Norm.class)
  void predictionsDoNotDependOnTheLengthsOfOthers(Norm norm) {
    MultiLayerConfiguration configuration =
        checks(
                new TransformerBlock.Builder(3, 24).norm(norm).build(),
                attention().causal().build(),
                new LayerNorm.Builder().build(),
                last())
            .configuration();
    CompiledNetwork network = predicting(configuration);
    int examples = 31;
    int size = FEATURES * STEPS;
    float[] series = LayerChecks.numbers(new Random(3), size * examples);
    float[] masks = new float[STEPS * examples];
    for (int i = 0; i < examples; i++) {
      Arrays.fill(masks, i * STEPS, i * STEPS + i % (STEPS + 1), 1);
    }
    float[] together = network.outputs(new float[][] {series}, new float[][] {masks}, examples)[0];
    int each = together.length / examples;
    for (int i = 0; i < examples; i++) {
      float[][] own = {Arrays.copyOfRange(series, size * i, size * (i + 1))};
      float[][] mask = {Arrays.copyOfRange(masks, STEPS * i, STEPS * (i + 1))};
      assertThat(network.outputs(own, mask, 1)[0])
          .containsExactly(Arrays.copyOfRange(together, each * i, each * (i + 1)));
    }
  }

  @Test
  void masksReachAttention() throws IOException {
    checks(new LayerNorm.Builder().build(), attention().build(), last()).withMasks().hold();
    checks(attention().causal().build(), last()).withMasks().kernelsComputeTheSame();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void masksReachBlocks(Norm norm) throws IOException {
    checks(block(norm).build(), block(norm).causal().build(), last()).withMasks().hold();
    checks(block(norm).attentionDropRate(0.2).dropRate(0.1).build(), last())
        .withMasks()
        .kernelsComputeTheSame();
  }

  private static INDArray series(Random random) {
    return FloatArrays.create(
        LayerChecks.numbers(random, 2 * FEATURES * STEPS), 2, FEATURES, STEPS);
  }

  /** The last output before the head, without and with another number in a step. */
  private static float[][] outputs(INDArray mask, int step, Layer... layers) {
    MultiLayerNetwork network = new MultiLayerNetwork(checks(layers).configuration());
    network.init();
    network.setLayerMaskArrays(mask, null);
    INDArray in = series(new Random(3));
    float[] first = FloatArrays.copy(network.feedForward(in, false).get(layers.length));
    network.setLayerMaskArrays(mask, null);
    in.putScalar(new int[] {0, 1, step}, 9);
    float[] second = FloatArrays.copy(network.feedForward(in, false).get(layers.length));
    return new float[][] {first, second};
  }

  private static boolean[] changed(float[][] outputs, int features) {
    boolean[] changed = new boolean[STEPS];
    for (int i = 0; i < features * STEPS; i++) {
      changed[i % STEPS] |= Math.abs(outputs[0][i] - outputs[1][i]) > 1e-6f;
    }
    return changed;
  }

  @Test
  void causalAttentionDoesNotSeeWhatComesLater() {
    INDArray all = FloatArrays.create(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 2, 5);
    assertThat(changed(outputs(all, 2, attention().causal().build()), 4))
        .containsExactly(false, false, true, true, true);
    assertThat(changed(outputs(all, 2, block(Norm.POST).causal().build()), FEATURES))
        .containsExactly(false, false, true, true, true);
    assertThat(changed(outputs(all, 2, attention().build()), 4))
        .containsExactly(true, true, true, true, true);
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void nobodyAttendsToWhatIsMasked(Norm norm) {
    INDArray mask = FloatArrays.create(new float[] {1, 1, 1, 0, 0, 1, 1, 1, 1, 1}, 2, 5);
    float[][] outputs = outputs(mask, 3, block(norm).build());
    assertThat(outputs[1]).containsExactly(outputs[0], within(1e-6f));
    for (int i = 0; i < FEATURES; i++) {
      assertThat(outputs[0][i * STEPS + 3]).isZero();
      assertThat(outputs[0][i * STEPS + 4]).isZero();
      assertThat(outputs[0][i * STEPS + 2]).isNotZero();
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new SelfAttention.Builder(3).nOut(4).build())
        .hasMessage(
            "layer SelfAttention: nOut must be a multiple of the number of heads, got nOut 4 and 3"
                + " heads");
    assertThatThrownBy(attention().attentionDropRate(1)::build)
        .hasMessage(
            "layer attention: the rate of attention's dropout must be from 0 to below 1, got 1.0");
    assertThatThrownBy(block(Norm.PRE).dropRate(-0.1)::build)
        .hasMessage("layer block: the rate of dropout must be from 0 to below 1, got -0.1");
    assertThatThrownBy(block(Norm.PRE).nIn(4)::build)
        .hasMessage("layer block: the number of features must be a multiple of 3 heads, got 4");
    assertThatThrownBy(new TransformerBlock.Builder(0, 1)::build)
        .hasMessage("layer TransformerBlock: the number of heads must be at least 1, got 0");
    assertThatThrownBy(new TransformerBlock.Builder(1, 0)::build)
        .hasMessage(
            "layer TransformerBlock: the width between the connected layers must be at least 1,"
                + " got 0");
  }
}
