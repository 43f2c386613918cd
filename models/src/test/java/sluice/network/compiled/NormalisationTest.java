package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.Network;
import sluice.network.Replica;

/** Layers between others come to what Deeplearning4j's come to. */
class NormalisationTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 9;
  private static final int WIDTH = 10;
  private static final int CLASSES = 3;
  private static final Comparison COMPARISON = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);

  private static MultiLayerConfiguration network(double rate, Layer... layers) {
    return network(new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(rate)), layers);
  }

  private static MultiLayerConfiguration network(
      NeuralNetConfiguration.Builder training, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = training.seed(5).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.layer(
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS))
        .build();
  }

  private static Layer convolution(int outputs) {
    return new ConvolutionLayer.Builder(3, 3).nOut(outputs).activation(Activation.TANH).build();
  }

  private static Layer dense(int outputs) {
    return new DenseLayer.Builder().nOut(outputs).activation(Activation.TANH).build();
  }

  private static BatchNormalization.Builder normalisation() {
    return new BatchNormalization.Builder().decay(0.8);
  }

  private static Layer variances() {
    return normalisation().useLogStd(false).build();
  }

  private static Layer deviations() {
    return normalisation().useLogStd(true).eps(0.01).build();
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        arguments("rows", new Layer[] {dense(7), variances()}),
        arguments("rows, logarithms", new Layer[] {dense(7), deviations(), dense(4)}),
        arguments("many numbers a row", new Layer[] {dense(5000), variances(), dense(4)}),
        arguments("pictures", new Layer[] {convolution(5), variances(), convolution(3)}),
        arguments("pictures, logarithms", new Layer[] {convolution(5), deviations()}),
        arguments("many channels", new Layer[] {convolution(100), variances(), dense(4)}),
        arguments("what is read", new Layer[] {variances(), dense(4)}));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void stepsComeToTheSame(String name, Layer[] layers) {
    for (int seed = 1; seed <= 3; seed++) {
      MultiLayerConfiguration configuration = network(0.02, layers);
      assertThat(COMPARISON.steps(configuration, seed, 7, false).fallbacks()).isEmpty();
      COMPARISON.steps(configuration, seed, 6, true);
    }
    COMPARISON.predictions(network(0.1, layers), 27);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientsAreSlopes(String name, Layer[] layers) {
    MultiLayerConfiguration configuration = network(1, layers);
    COMPARISON.slopes(configuration, 3, 6);
  }

  /** The mean of what lies around a thousand is not lost in rounding. */
  @Test
  void numbersFarFromZeroAreNormalised() {
    MultiLayerConfiguration configuration =
        network(
            0.01,
            dense(3),
            new DenseLayer.Builder().nOut(4).biasInit(1000).activation(Activation.IDENTITY).build(),
            variances());
    COMPARISON.steps(configuration, 1, 9, false);
  }

  private static MultiLayerConfiguration clipped(GradientNormalization kind) {
    return network(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(0.1))
            .gradientNormalization(kind)
            .gradientNormalizationThreshold(1e-3),
        variances());
  }

  /** Their changes are no gradients, by Deeplearning4j's steps either, of layers and of graphs. */
  @ParameterizedTest
  @EnumSource(GradientNormalization.class)
  void clippingLeavesTheRunningNumbersAlone(GradientNormalization kind) {
    MultiLayerConfiguration layers = clipped(kind);
    ComputationGraphConfiguration graph =
        ((MultiLayerNetwork) Network.of(layers).model()).toComputationGraph().getConfiguration();
    MultiDataSet batch = COMPARISON.batch(new Random(3), 7, false);
    Network free = Network.of(clipped(GradientNormalization.None));
    float[] start = free.parameters();
    free.fit(batch);
    List<Replica> ways =
        List.of(
            Network.of(layers),
            Network.of(graph),
            Comparison.compiled(layers),
            Comparison.compiled(graph));
    for (Replica way : ways) {
      way.setParameters(start);
      way.fit(batch);
      float[] after = way.parameters();
      for (Network.Span span : free.spans(0, 0)) {
        if (span.rate() == 0) {
          assertThat(Arrays.copyOfRange(after, span.from(), span.to()))
              .containsExactly(
                  Arrays.copyOfRange(free.parameters(), span.from(), span.to()), within(1e-5f));
        }
      }
    }
    COMPARISON.steps(layers, 1, 7, false);
    COMPARISON.steps(graph, 1, 7, false);
  }

  @Test
  void whatIsFrozenIsNormalisedByTheRunningNumbers() {
    MultiLayerConfiguration configuration =
        network(
            0.1,
            new FrozenLayer.Builder().layer(convolution(3)).build(),
            new FrozenLayer.Builder().layer(variances()).build(),
            dense(4));
    assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).isEmpty();
  }

  private static Layer relu() {
    return new ActivationLayer(Activation.RELU);
  }

  /** What leaves a ReLU alone: as a layer of its own it is nothing. */
  private static Layer nothing() {
    return new ActivationLayer(Activation.IDENTITY);
  }

  static Stream<Arguments> rectified() {
    return Stream.of(
        arguments("rows", new Layer[] {dense(7), variances()}, new Layer[] {dense(4)}),
        arguments("pictures", new Layer[] {convolution(5), deviations()}, new Layer[] {}),
        arguments(
            "several strips",
            new Layer[] {convolution(100), variances()},
            new Layer[] {convolution(2)}));
  }

  /** A ReLU that is computed with the normalisation comes to the same bits as by itself. */
  @ParameterizedTest
  @MethodSource("rectified")
  void aReluBehindItComesToTheSameBits(String name, Layer[] before, Layer[] behind) {
    MultiLayerConfiguration together = network(0.02, joined(before, behind, relu()));
    MultiLayerConfiguration apart = network(0.02, joined(before, behind, nothing(), relu()));
    for (int seed = 1; seed <= 3; seed++) {
      CompiledNetwork found = COMPARISON.steps(together, seed, 7, false);
      assertThat(found.fallbacks()).isEmpty();
      assertThat(found.parameters())
          .isEqualTo(COMPARISON.steps(apart, seed, 7, false).parameters());
    }
    COMPARISON.predictions(together, 27);
  }

  @ParameterizedTest
  @MethodSource("rectified")
  void gradientsThroughTheReluAreSlopes(String name, Layer[] before, Layer[] behind) {
    MultiLayerConfiguration configuration = network(1, joined(before, behind, relu()));
    Network network = Network.of(configuration);
    // Each channel stays on one side of the ReLU's corner, six deviations away from it.
    for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
      INDArray beta = layer.paramTable(false).get("beta");
      if (beta != null) {
        layer.getParam("gamma").assign(0.25);
        for (int i = 0; i < beta.length(); i++) {
          beta.putScalar(i, i % 2 == 0 ? 1.5 : -1.5);
        }
      }
    }
    COMPARISON.slopes(network, Comparison.compiled(configuration), 3, 6);
  }

  private static Layer[] joined(Layer[] before, Layer[] behind, Layer... between) {
    return Stream.of(before, between, behind).flatMap(Arrays::stream).toArray(Layer[]::new);
  }

  @Test
  void otherActivationsBehindItStayByThemselves() {
    for (Activation activation : new Activation[] {Activation.TANH, Activation.SWISH}) {
      MultiLayerConfiguration configuration =
          network(0.02, convolution(5), variances(), new ActivationLayer(activation), dense(4));
      assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).isEmpty();
    }
  }

  @Test
  void aReluBehindWhatIsFrozenStaysByItself() {
    MultiLayerConfiguration configuration =
        network(
            0.1,
            new FrozenLayer.Builder().layer(convolution(3)).build(),
            new FrozenLayer.Builder().layer(variances()).build(),
            relu(),
            dense(4));
    assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).isEmpty();
  }

  @Test
  void withoutFactorsItIsLeftToDeeplearning4j() {
    Layer locked = normalisation().lockGammaBeta(true).build();
    assertThat(COMPARISON.steps(network(0.02, dense(7), locked), 1, 7, false).fallbacks())
        .containsExactly("layer1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"IDENTITY", "RELU", "TANH", "SIGMOID", "SELU", "SWISH", "GELU", "MISH"})
  void activationsComeToTheSame(Activation activation) {
    MultiLayerConfiguration configuration =
        network(0.1, convolution(3), new ActivationLayer(activation), dense(4));
    assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).isEmpty();
  }

  @Test
  void anActivationWithoutAKernelIsLeftToDeeplearning4j() {
    MultiLayerConfiguration configuration =
        network(0.1, convolution(3), new ActivationLayer(Activation.SOFTPLUS), dense(4));
    assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).containsExactly("layer1");
  }

  @Test
  void dropoutComesToTheSame() {
    MultiLayerConfiguration configuration =
        network(0.1, convolution(3), new DropoutLayer(0.7), dense(4), new DropoutLayer(0.5));
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(COMPARISON.steps(configuration, seed, 7, false).fallbacks()).isEmpty();
    }
    COMPARISON.predictions(configuration, 9);
  }

  /** As in Deeplearning4j, which passes over it. */
  @Test
  void normalisationsAndActivationsHaveNoDropout() {
    Layer activation = new ActivationLayer(Activation.TANH);
    activation.setIDropout(new org.deeplearning4j.nn.conf.dropout.Dropout(0.5));
    Layer normalisation = normalisation().dropOut(0.5).build();
    MultiLayerConfiguration configuration =
        network(0.02, convolution(3), normalisation, activation);
    assertThat(COMPARISON.steps(configuration, 1, 7, false).fallbacks()).isEmpty();
  }
}
