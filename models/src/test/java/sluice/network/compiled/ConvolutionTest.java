package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Convolutions come to what Deeplearning4j's come to. */
class ConvolutionTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 9;
  private static final int WIDTH = 8;
  private static final int CLASSES = 3;

  private static MultiLayerConfiguration network(IUpdater updater, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).updater(updater).list();
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

  private static ConvolutionLayer.Builder convolution(int down, int across) {
    return new ConvolutionLayer.Builder(down, across).nOut(4).activation(Activation.TANH);
  }

  /** Two of each, so that the gradient of what one reads shows in the other. */
  private static Layer[] twice(ConvolutionLayer.Builder layer) {
    return new Layer[] {layer.build(), layer.build()};
  }

  static Stream<Arguments> layers() {
    return Stream.concat(
        smooth(),
        Stream.of(arguments("ReLU", twice(convolution(3, 3).activation(Activation.RELU)))));
  }

  static Stream<Arguments> smooth() {
    return Stream.of(
        arguments("truncated", twice(convolution(3, 2))),
        arguments("without biases", twice(convolution(3, 3).hasBias(false))),
        arguments("identity", twice(convolution(2, 3).activation(Activation.IDENTITY))),
        arguments(
            "neither", twice(convolution(2, 3).hasBias(false).activation(Activation.IDENTITY))),
        arguments("what keeps its input", twice(convolution(2, 2).activation(Activation.SWISH))),
        arguments("padded", twice(convolution(3, 3).padding(2, 1))),
        arguments("strides", twice(convolution(3, 2).stride(2, 1).padding(1, 0))),
        arguments("long strides", twice(convolution(1, 2).stride(2, 3).padding(0, 1))),
        arguments("same", twice(convolution(3, 3).convolutionMode(ConvolutionMode.Same))),
        arguments("same, even", twice(convolution(4, 2).convolutionMode(ConvolutionMode.Same))),
        arguments(
            "same, strides",
            twice(convolution(3, 3).convolutionMode(ConvolutionMode.Same).stride(2, 3))),
        arguments("dilated", twice(convolution(2, 3).dilation(3, 1))),
        arguments(
            "dilated, strides", twice(convolution(2, 3).dilation(2, 2).stride(1, 2).padding(1, 2))),
        arguments(
            "dilated, same",
            twice(convolution(3, 2).convolutionMode(ConvolutionMode.Same).dilation(2, 3))),
        arguments("one by one", twice(convolution(1, 1))),
        arguments(
            "one by one, strides",
            twice(convolution(1, 1).convolutionMode(ConvolutionMode.Same).stride(2, 2))),
        arguments(
            "dropout",
            new Layer[] {convolution(3, 3).dropOut(0.8).build(), convolution(3, 3).build()}),
        arguments("as many channels as a block has", twice(convolution(3, 3).nOut(16))),
        arguments(
            "blocks that are not full",
            twice(convolution(2, 1).nOut(18).convolutionMode(ConvolutionMode.Same))),
        arguments(
            "blocks, strides",
            twice(convolution(3, 2).nOut(16).stride(2, 1).padding(1, 1).hasBias(false))),
        arguments("blocks, dilated", twice(convolution(2, 2).nOut(16).dilation(2, 3))),
        arguments(
            "blocks, one by one",
            twice(convolution(1, 1).nOut(16).convolutionMode(ConvolutionMode.Same).stride(2, 2))),
        arguments(
            "the picture whole",
            new Layer[] {convolution(3, 3).build(), convolution(7, 6).build()}));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void stepsComeToTheSame(String name, Layer[] layers) {
    Comparison comparison = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);
    for (int seed = 1; seed <= 3; seed++) {
      MultiLayerConfiguration plain = network(new Sgd(0.1), layers);
      assertThat(comparison.steps(plain, seed, 7, false).fallbacks()).isEmpty();
      comparison.steps(plain, seed, 1, false);
    }
    comparison.steps(network(new Adam(0.01), layers), 4, 5, true);
    comparison.predictions(network(new Sgd(0.1), layers), 27);
  }

  @ParameterizedTest
  @MethodSource("smooth")
  void gradientsAreSlopes(String name, Layer[] layers) {
    MultiLayerConfiguration configuration = network(new Sgd(1), layers);
    configuration.getConfs().forEach(each -> each.getLayer().setIDropout(null));
    Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH).slopes(configuration, 3, 6);
  }

  /** Groups of pictures, and some that make none. */
  @Test
  void manyPicturesComeToTheSame() {
    MultiLayerConfiguration configuration =
        network(
            new Sgd(0.01),
            convolution(2, 2).nOut(16).convolutionMode(ConvolutionMode.Same).build(),
            convolution(2, 2).nOut(16).build());
    Comparison comparison = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);
    for (int examples : new int[] {16, 32, 37}) {
      assertThat(comparison.steps(configuration, 1, examples, false).fallbacks()).isEmpty();
    }
  }

  /** Some lines at a time. */
  @Test
  void largePicturesComeToTheSame() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(0.001))
            .list()
            .layer(convolution(5, 5).stride(1, 2).nOut(6).build())
            .layer(convolution(5, 5).convolutionMode(ConvolutionMode.Same).build())
            .layer(convolution(9, 7).stride(5, 9).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutionalFlat(101, 150, 3))
            .build();
    Comparison comparison = Comparison.of(CLASSES, 3 * 101 * 150);
    assertThat(comparison.steps(configuration, 2, 2, false).fallbacks()).isEmpty();
    comparison.predictions(configuration, 3);
  }
}
