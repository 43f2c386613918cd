package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Poolings come to what Deeplearning4j's come to. */
class PoolingTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 11;
  private static final int WIDTH = 10;
  private static final int CLASSES = 3;
  private static final Comparison COMPARISON = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);

  private static MultiLayerConfiguration network(double rate, Layer pooling) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .updater(new Sgd(rate))
        .list()
        .layer(new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.TANH).build())
        .layer(pooling)
        .layer(
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS))
        .build();
  }

  private static SubsamplingLayer.Builder pooling(PoolingType type, int down, int across) {
    return new SubsamplingLayer.Builder(type).kernelSize(down, across);
  }

  static Stream<Arguments> layers() {
    return Stream.concat(layers(PoolingType.MAX), means());
  }

  /** Those without bends. */
  static Stream<Arguments> means() {
    return layers(PoolingType.AVG);
  }

  private static Stream<Arguments> layers(PoolingType type) {
    return Stream.of(
        arguments(type + " of 2 by 2", pooling(type, 2, 2).stride(2, 2).build()),
        arguments(type + " overlapping", pooling(type, 3, 2).stride(2, 1).build()),
        arguments(type + " with gaps", pooling(type, 1, 2).stride(2, 3).build()),
        arguments(type + " padded", pooling(type, 3, 3).stride(2, 2).padding(1, 2).build()),
        arguments(
            type + " same",
            pooling(type, 3, 2).stride(2, 2).convolutionMode(ConvolutionMode.Same).build()),
        arguments(
            type + " same, step by step",
            pooling(type, 4, 3).stride(1, 1).convolutionMode(ConvolutionMode.Same).build()),
        arguments(type + " of all", new GlobalPoolingLayer(type)));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void stepsComeToTheSame(String name, Layer layer) {
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(COMPARISON.steps(network(0.1, layer), seed, 7, false).fallbacks()).isEmpty();
      COMPARISON.steps(network(0.1, layer), seed, 1, false);
    }
    COMPARISON.steps(network(0.1, layer), 4, 5, true);
    COMPARISON.predictions(network(0.1, layer), 27);
  }

  @ParameterizedTest
  @MethodSource("means")
  void gradientsAreSlopes(String name, Layer layer) {
    MultiLayerConfiguration configuration = network(1, layer);
    COMPARISON.slopes(configuration, 3, 6);
  }

  @Test
  void othersAreLeftToDeeplearning4j() {
    Layer sum = pooling(PoolingType.PNORM, 2, 2).pnorm(2).build();
    Layer all = new GlobalPoolingLayer(PoolingType.SUM);
    SubsamplingLayer padded = pooling(PoolingType.AVG, 3, 3).padding(1, 1).build();
    padded.setAvgPoolIncludePadInDivisor(true);
    for (Layer layer : List.of(sum, all, padded)) {
      assertThat(COMPARISON.steps(network(0.1, layer), 1, 5, false).fallbacks())
          .containsExactly("layer1");
    }
  }
}
