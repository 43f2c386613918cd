package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Layers between others come to what Deeplearning4j's come to. */
class NormalisationTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 9;
  private static final int WIDTH = 10;
  private static final int CLASSES = 3;
  private static final Comparison COMPARISON = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);

  private static MultiLayerConfiguration network(double rate, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(rate)).list();
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
