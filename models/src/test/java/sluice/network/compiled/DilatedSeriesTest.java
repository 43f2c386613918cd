package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.Natives;

/** Layers over series that Deeplearning4j has, but fails to compute with oneDNN. */
class DilatedSeriesTest {
  private static final int FEATURES = 3;
  private static final int STEPS = 12;
  private static final int CLASSES = 3;

  private static MultiLayerConfiguration network(Layer... layers) {
    Natives.load();
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(1)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.layer(new GlobalPoolingLayer(PoolingType.AVG))
        .layer(
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.recurrent(FEATURES, STEPS))
        .build();
  }

  private static Convolution1DLayer.Builder convolution(int kernel) {
    return new Convolution1DLayer.Builder(kernel).nOut(4).activation(Activation.TANH);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        arguments("dilated", convolution(3).dilation(2).build()),
        arguments(
            "dilated, same",
            convolution(4).dilation(2).convolutionMode(ConvolutionMode.Same).build()),
        arguments(
            "dilated, causal",
            convolution(3).dilation(3).convolutionMode(ConvolutionMode.Causal).build()),
        arguments(
            "padded mean",
            new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.AVG, 3, 2)
                .padding(1)
                .build()));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientsAreSlopes(String name, Layer layer) {
    Comparison.of(CLASSES, FEATURES, STEPS).slopes(network(convolution(2).build(), layer), 4, 6);
  }

  /** A dilated convolution is one of more steps with zeros between its weights. */
  @Test
  void dilationIsZerosBetweenWeights() {
    MultiLayerConfiguration dilated = network(convolution(3).dilation(2).build());
    MultiLayerConfiguration filled = network(convolution(5).build());
    CompiledNetwork network = Comparison.compiled(dilated);
    float[] parameters = Comparison.numbers(new Random(2), network.parameters().length);
    int step = FEATURES * 4;
    float[] between = new float[parameters.length + 2 * step];
    System.arraycopy(parameters, 0, between, 0, 4);
    for (int i = 0; i < 3; i++) {
      System.arraycopy(parameters, 4 + i * step, between, 4 + 2 * i * step, step);
    }
    int behind = parameters.length - 4 - 3 * step;
    System.arraycopy(parameters, 4 + 3 * step, between, 4 + 5 * step, behind);
    MultiDataSet batch = Comparison.of(CLASSES, FEATURES, STEPS).batch(new Random(3), 2, false);
    CompiledNetwork other = Comparison.compiled(filled);
    network.setParameters(parameters);
    other.setParameters(between);
    assertThat(network.judge(batch).outputs()[0])
        .containsExactly(other.judge(batch).outputs()[0], within(1e-6f));
  }
}
