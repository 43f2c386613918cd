package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;
import sluice.network.layers.LowRank.Adapter;
import sluice.network.layers.TransformerBlock.Norm;

class LowRankTest {
  private static final int WIDTH = 6;
  private static final int STEPS = 5;

  private static LayerChecks series(Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(WIDTH, STEPS),
        (random, examples) -> LayerChecks.numbers(random, WIDTH * STEPS * examples),
        layers);
  }

  /** Queries, values, and what stands behind the heads. */
  private static LowRank attention() {
    return new LowRank(
        new SelfAttention.Builder(2).nIn(WIDTH).nOut(4).build(),
        2,
        3,
        List.of(new Adapter("Wqkv", 0, 4), new Adapter("Wqkv", 8, 4), new Adapter("Wo", 0, 4)));
  }

  private static LowRank block(Norm norm, double dropRate) {
    return new LowRank(
        new TransformerBlock.Builder(3, 7)
            .norm(norm)
            .dropRate(dropRate)
            .attentionDropRate(dropRate)
            .nIn(WIDTH)
            .nOut(WIDTH)
            .build(),
        3,
        3,
        List.of(new Adapter("Wqkv", 0, WIDTH), new Adapter("W1", 0, 7), new Adapter("W2", 0, 6)));
  }

  /** Learns nothing itself. */
  private static LowRank norm(int width) {
    return new LowRank(new LayerNorm.Builder().nIn(width).nOut(width).build(), 1, 1, List.of());
  }

  private static LowRank dense(int in, int out) {
    return new LowRank(
        new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.TANH).build(),
        2,
        4,
        List.of(new Adapter("W", 0, out)));
  }

  private static Layer mean() {
    return new SeriesPooling.Builder(SeriesPooling.Kind.MEAN).build();
  }

  @Test
  void adaptedAttentionIsALayerAsAnyOther() throws IOException {
    series(attention(), norm(4), mean()).hold();
  }

  @ParameterizedTest
  @EnumSource(Norm.class)
  void soIsAnAdaptedBlock(Norm norm) throws IOException {
    series(block(norm, 0), norm(WIDTH), mean()).hold();
    series(block(norm, 0), norm(WIDTH), mean()).withMasks().kernelsComputeTheSame();
    series(block(norm, 0.2), mean()).kernelsComputeTheSame();
  }

  @Test
  void soAreAdaptedConnectedLayers() throws IOException {
    new LayerChecks(
            InputType.feedForward(WIDTH),
            (random, examples) -> LayerChecks.numbers(random, WIDTH * examples),
            dense(WIDTH, 5),
            new DenseLayer.Builder().nOut(4).build(),
            dense(4, 3))
        .hold();
  }

  /** It begins as the layer within, whose parameters then stay. */
  @Test
  void theLayerWithinStays() {
    MultiLayerConfiguration configuration =
        series(block(Norm.PRE, 0), norm(WIDTH), mean()).configuration();
    Network network = Network.of(configuration);
    CompiledNetwork compiled =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    assertThat(compiled.fallbacks()).isEmpty();
    List<Network.Span> spans = network.spans(0, 0);
    assertThat(spans.stream().filter(span -> span.rate() == 0)).hasSize(2);
    assertThat(network.updaterState().length)
        .as("Adam keeps two numbers for each parameter that learns")
        .isEqualTo(
            2
                * spans.stream()
                    .filter(span -> span.rate() > 0)
                    .mapToInt(span -> span.to() - span.from())
                    .sum());
    float[] parameters = network.parameters();
    Network.Span up = spans.get(2);
    assertThat(Arrays.copyOfRange(parameters, up.from(), up.to()))
        .containsOnly(0f)
        .hasSize(3 * WIDTH);
  }
}
