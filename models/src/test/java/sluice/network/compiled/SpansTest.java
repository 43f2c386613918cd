package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.Network;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.NumberEmbedding;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;

/** Layers with updaters of their own, and frozen ones, train as by Deeplearning4j. */
class SpansTest {
  private static final int WIDTH = 3;
  private static final int CLASSES = 3;

  /** With an epsilon by which gradients of nearly nothing do not become steps of full length. */
  private static Adam adam(double rate) {
    return new Adam(rate, 0.9, 0.999, 1e-4);
  }

  /** Two branches over one input. */
  private static ComputationGraphConfiguration graph(
      UnaryOperator<NeuralNetConfiguration.Builder> training, UnaryOperator<Layer> upper) {
    return training
        .apply(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .activation(Activation.TANH)
                .l2(0.01)
                .updater(adam(0.01)))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.feedForward(WIDTH))
        .addLayer(
            "tokens",
            upper.apply(
                new ColumnTokens.Builder(4)
                    .number("a")
                    .number("b")
                    .number("c")
                    .updater(adam(0.005))
                    .build()),
            "in")
        .addLayer(
            "block",
            upper.apply(
                new TransformerBlock.Builder(2, 5).updater(new Nesterovs(0.05, 0.9)).build()),
            "tokens")
        .addLayer("last", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), "block")
        .addLayer(
            "numbers",
            NumberEmbedding.Builder.periodic(2, 2, 0.3)
                .column("a")
                .column("b")
                .column("c")
                .updater(new Sgd(0.1))
                .build(),
            "in")
        .addLayer(
            "dense",
            new DenseLayer.Builder().nOut(5).updater(adam(0.02)).biasUpdater(new Sgd(0.3)).build(),
            "numbers")
        .addLayer(
            "norm", new LayerNorm.Builder().updater(new RmsProp(0.01, 0.95, 1e-4)).build(), "dense")
        .addVertex("both", new MergeVertex(), "last", "norm")
        .addLayer(
            "out",
            new OutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build(),
            "both")
        .setOutputs("out")
        .build();
  }

  private static CompiledNetwork same(ComputationGraphConfiguration graph) {
    Comparison comparison = Comparison.of(CLASSES, WIDTH);
    comparison.steps(graph, 2, 9, true);
    return comparison.steps(graph, 1, 7, false);
  }

  @Test
  void eachLayerHasAnUpdaterOfItsOwn() {
    assertThat(same(graph(t -> t, layer -> layer)).fallbacks()).isEmpty();
  }

  /** Clipping reaches the gradients of every layer, whatever its updater. */
  @ParameterizedTest
  @EnumSource(
      value = GradientNormalization.class,
      names = {"ClipL2PerLayer", "ClipElementWiseAbsoluteValue"})
  void theirGradientsAreClipped(GradientNormalization kind) {
    same(
        graph(
            t -> t.gradientNormalization(kind).gradientNormalizationThreshold(0.01),
            layer -> layer));
  }

  @Test
  void layersMayBeFrozen() {
    ComputationGraphConfiguration graph =
        graph(
            t ->
                t.gradientNormalization(GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(0.01),
            layer -> new FrozenLayer.Builder().layer(layer).build());
    assertThat(same(graph).fallbacks()).isEmpty();
    Network own = Network.of(graph);
    CompiledNetwork network = Comparison.compiled(graph);
    float[] before = own.parameters();
    network.setParameters(before);
    network.fit(Comparison.of(CLASSES, WIDTH).batch(new Random(1), 5, false));
    float[] after = network.parameters();
    int moving = 0;
    int kept = 0;
    for (Network.Span span : own.spans(0, 0)) {
      float[] now = Arrays.copyOfRange(after, span.from(), span.to());
      float[] then = Arrays.copyOfRange(before, span.from(), span.to());
      if (span.rate() == 0) {
        assertThat(now).containsExactly(then);
        kept++;
      } else {
        moving += Arrays.equals(now, then) ? 0 : 1;
      }
    }
    assertThat(moving).isGreaterThan(5);
    assertThat(kept).isGreaterThan(10);
  }

  /** One that does not learn itself, but those below do. */
  @Test
  void aFrozenLayerMayPassGradientsOn() {
    CompiledNetwork found =
        same(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(adam(0.01))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(WIDTH))
                .addLayer("first", new DenseLayer.Builder().nOut(4).build(), "in")
                .addLayer(
                    "frozen",
                    new FrozenLayerWithBackprop(new DenseLayer.Builder().nOut(5).build()),
                    "first")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(new LossMCXENT())
                        .activation(Activation.SOFTMAX)
                        .nOut(CLASSES)
                        .build(),
                    "frozen")
                .setOutputs("out")
                .build());
    assertThat(found.fallbacks()).containsExactly("frozen");
  }
}
