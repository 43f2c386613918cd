package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;

/** Layers over series whose ends are padded. */
class SeriesMasksTest {
  private static final int INDICES = 9;
  private static final int CLASSES = 3;
  private static final int STEPS = 8;

  /** Behind vectors of indices, which every network begins with. */
  private static MultiLayerConfiguration network(Layer... layers) {
    Natives.load();
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .activation(Activation.TANH)
            .updater(new Sgd(0.5))
            .list()
            .layer(
                new EmbeddingSequenceLayer.Builder()
                    .nIn(INDICES)
                    .nOut(4)
                    .hasBias(true)
                    .inputLength(STEPS)
                    .build());
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.layer(
            new OutputLayer.Builder(new LossMCXENT())
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.recurrent(INDICES, STEPS))
        .build();
  }

  private static Convolution1DLayer.Builder convolution(int kernel) {
    return new Convolution1DLayer.Builder(kernel).nOut(5);
  }

  private static GlobalPoolingLayer most() {
    return new GlobalPoolingLayer(PoolingType.MAX);
  }

  private static Layer[] several(Layer... layers) {
    return layers;
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nOut(4).build();
  }

  static Stream<Arguments> layers() {
    Stream<Arguments> poolings =
        Arrays.stream(PoolingType.values())
            .map(type -> arguments("all, " + type, several(new GlobalPoolingLayer(type))));
    return Stream.concat(
        poolings,
        Stream.of(
            arguments(
                "convolution",
                several(convolution(3).convolutionMode(ConvolutionMode.Same).build(), most())),
            arguments("fewer places", several(convolution(3).build(), most())),
            arguments("strides", several(convolution(2).stride(2).build(), most())),
            arguments(
                "pooling",
                several(
                    new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2, 2).build(),
                    new GlobalPoolingLayer(PoolingType.AVG))),
            arguments("last", several(new LastTimeStep(lstm())))));
  }

  private static INDArray mask(List<Integer> lengths, int steps) {
    float[] mask = new float[lengths.size() * steps];
    for (int i = 0; i < lengths.size(); i++) {
      Arrays.fill(mask, i * steps, i * steps + lengths.get(i), 1);
    }
    return FloatArrays.create(mask, lengths.size(), steps);
  }

  private static MultiDataSet batch(Random random, List<Integer> lengths, int steps) {
    int examples = lengths.size();
    float[] indices = new float[examples * steps];
    float[] labels = new float[examples * CLASSES];
    for (int i = 0; i < examples; i++) {
      for (int step = 0; step < lengths.get(i); step++) {
        indices[i * steps + step] = random.nextInt(INDICES);
      }
      labels[i * CLASSES + random.nextInt(CLASSES)] = 1;
    }
    return new MultiDataSet(
        new INDArray[] {FloatArrays.create(indices, examples, 1, steps)},
        new INDArray[] {FloatArrays.create(labels, examples, CLASSES)},
        new INDArray[] {mask(lengths, steps)},
        null);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void stepsComeToTheSame(String name, Layer[] layers) {
    MultiLayerConfiguration configuration = network(layers);
    Network expected = Network.of(configuration);
    CompiledNetwork found = Comparison.compiled(configuration);
    found.setParameters(expected.parameters());
    Random random = new Random(1);
    for (int step = 0; step < 4; step++) {
      List<Integer> lengths = new ArrayList<>(List.of(STEPS, 1));
      for (int i = 0; i < 5 + step; i++) {
        lengths.add(1 + random.nextInt(STEPS));
      }
      MultiDataSet batch = batch(random, lengths, STEPS);
      Comparison.assertClose(
          "output", found.judge(batch).outputs()[0], expected.judge(batch).outputs()[0]);
      expected.fit(batch);
      found.fit(batch);
      Comparison.assertClose("parameter", found.parameters(), expected.parameters());
    }
    assertThat(found.fallbacks()).isEmpty();
  }

  /** Not even where Deeplearning4j's LSTM runs through it. */
  @Test
  void paddingDoesNotMatter() {
    List<MultiLayerConfiguration> networks =
        List.of(
            network(new Bidirectional(lstm()), new GlobalPoolingLayer(PoolingType.AVG)),
            network(lstm(), most()),
            network(convolution(3).convolutionMode(ConvolutionMode.Same).build(), most()));
    for (MultiLayerConfiguration configuration : networks) {
      CompiledNetwork network = Comparison.compiled(configuration);
      network.setParameters(Network.of(configuration).parameters());
      float[] near = network.judge(batch(new Random(2), List.of(5, 3), 5)).outputs()[0];
      float[] far = network.judge(batch(new Random(2), List.of(5, 3), STEPS)).outputs()[0];
      assertThat(far).containsExactly(near, within(1e-6f));
    }
  }

  /** Of an empty series nothing is left but the biases of the output. */
  @Test
  void emptySeriesComeToZeros() {
    for (PoolingType type : PoolingType.values()) {
      MultiLayerConfiguration configuration =
          network(
              new Bidirectional(lstm()),
              convolution(3).convolutionMode(ConvolutionMode.Same).build(),
              new GlobalPoolingLayer(type));
      CompiledNetwork network = Comparison.compiled(configuration);
      network.setParameters(Network.of(configuration).parameters());
      MultiDataSet batch = batch(new Random(3), List.of(0, 6), STEPS);
      assertThat(Arrays.copyOf(network.judge(batch).outputs()[0], CLASSES))
          .containsExactly(1 / 3f, 1 / 3f, 1 / 3f);
      assertThat(network.fit(batch)).isFinite();
      for (float parameter : network.parameters()) {
        assertThat(parameter).isFinite();
      }
    }
  }

  /** Deeplearning4j's LSTM goes forth, but not back, by the mask. */
  @Test
  void outputsOfTheLastStepOfBothDirectionsComeToTheSame() {
    MultiLayerConfiguration configuration = network(new LastTimeStep(new Bidirectional(lstm())));
    Network expected = Network.of(configuration);
    CompiledNetwork found = Comparison.compiled(configuration);
    found.setParameters(expected.parameters());
    MultiDataSet batch = batch(new Random(6), List.of(8, 3, 1, 6), STEPS);
    Comparison.assertClose(
        "output", found.judge(batch).outputs()[0], expected.judge(batch).outputs()[0]);
  }

  /** A mask over the labels may leave out single outputs of a step. */
  @Test
  void eachOutputOfAStepHasAMask() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(0.5))
            .list()
            .layer(lstm())
            .layer(
                new RnnOutputLayer.Builder(new LossBinaryXENT())
                    .nOut(CLASSES)
                    .activation(Activation.SIGMOID)
                    .build())
            .setInputType(InputType.recurrent(2, STEPS))
            .build();
    int examples = 4;
    Random random = new Random(8);
    float[] labels = new float[examples * CLASSES * STEPS];
    float[] mask = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(2);
      mask[i] = random.nextInt(2);
    }
    MultiDataSet batch =
        new MultiDataSet(
            new INDArray[] {
              FloatArrays.create(
                  Comparison.numbers(random, examples * 2 * STEPS), examples, 2, STEPS)
            },
            new INDArray[] {FloatArrays.create(labels, examples, CLASSES, STEPS)},
            null,
            new INDArray[] {FloatArrays.create(mask, examples, CLASSES, STEPS)});
    Network expected = Network.of(configuration);
    CompiledNetwork found = Comparison.compiled(configuration);
    found.setParameters(expected.parameters());
    for (int step = 0; step < 3; step++) {
      expected.fit(batch);
      found.fit(batch);
      Comparison.assertClose("parameter", found.parameters(), expected.parameters());
    }
    assertThat(found.fallbacks()).isEmpty();
  }

  @Test
  void gradientsAreSlopes() {
    for (Layer[] layers :
        List.of(
            several(
                new Bidirectional(lstm()),
                convolution(3).build(),
                convolution(2).convolutionMode(ConvolutionMode.Same).build(),
                new GlobalPoolingLayer(PoolingType.SUM)),
            several(new LastTimeStep(new Bidirectional(lstm()))))) {
      MultiLayerConfiguration configuration = network(layers);
      MultiDataSet batch = batch(new Random(4), List.of(8, 3, 1, 6, 0), STEPS);
      Comparison.slopes(Network.of(configuration), Comparison.compiled(configuration), batch, 0.5);
    }
  }
}
