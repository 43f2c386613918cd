package sluice.network.layers;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;

/** Deeplearning4j's convolutions and poolings over time come to the same. */
class SeriesLayersTest {
  private static final int FEATURES = 3;
  private static final int STEPS = 11;

  private static LayerChecks checks(Layer... layers) {
    return new LayerChecks(
        InputType.recurrent(FEATURES, STEPS),
        (random, examples) -> LayerChecks.numbers(random, FEATURES * STEPS * examples),
        layers);
  }

  private static Convolution1DLayer.Builder convolution(int kernel) {
    return new Convolution1DLayer.Builder(kernel).nOut(4).activation(Activation.TANH);
  }

  private static GlobalPoolingLayer mean() {
    return new GlobalPoolingLayer(PoolingType.AVG);
  }

  static Stream<Arguments> convolutions() {
    return Stream.of(
        arguments("truncated", convolution(3)),
        arguments("one step", convolution(1)),
        arguments("padded", convolution(4).padding(2)),
        arguments("strides", convolution(3).stride(2).padding(1)),
        arguments("without biases", convolution(2).hasBias(false)),
        arguments("what keeps its input", convolution(2).activation(Activation.SWISH)),
        arguments("same", convolution(3).convolutionMode(ConvolutionMode.Same)),
        arguments("same, even", convolution(4).convolutionMode(ConvolutionMode.Same)),
        arguments("same, strides", convolution(4).convolutionMode(ConvolutionMode.Same).stride(3)),
        arguments("causal", convolution(3).convolutionMode(ConvolutionMode.Causal)));
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionsComeToTheSame(String name, Convolution1DLayer.Builder layer) {
    checks(layer.build(), layer.build(), mean()).kernelsComputeTheSame();
  }

  @ParameterizedTest
  @EnumSource(
      value = PoolingType.class,
      names = {"MAX", "AVG"})
  void poolingsComeToTheSame(PoolingType type) {
    for (Subsampling1DLayer.Builder pooling :
        new Subsampling1DLayer.Builder[] {
          new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.valueOf(type.name()), 2, 2),
          new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.valueOf(type.name()), 3, 1),
          new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.valueOf(type.name()), 3, 2)
              .convolutionMode(ConvolutionMode.Same)
        }) {
      checks(convolution(2).build(), pooling.build(), mean()).kernelsComputeTheSame();
    }
  }

  @ParameterizedTest
  @EnumSource(PoolingType.class)
  void poolingsOfAllStepsComeToTheSame(PoolingType type) {
    checks(convolution(2).build(), new GlobalPoolingLayer(type)).kernelsComputeTheSame();
    checks(
            convolution(2).build(),
            new GlobalPoolingLayer.Builder(type).collapseDimensions(false).build(),
            new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build())
        .kernelsComputeTheSame();
  }

  @Test
  void normsOfOtherPowersComeToTheSame() {
    checks(
            convolution(2).build(),
            new GlobalPoolingLayer.Builder(PoolingType.PNORM).pnorm(3).build())
        .kernelsComputeTheSame();
  }
}
