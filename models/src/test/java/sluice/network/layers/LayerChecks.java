package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica.Judged;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;

/**
 * What every layer of this package must hold: its gradients are right, its kernel computes the
 * same, and it is read as it was written.
 *
 * @param type of the input
 * @param draw makes so many examples
 * @param padded whether masks are over the steps of the series that the layers read: some are
 *     empty, some have holes
 * @param layers the layers to try, behind which stands an output of three classes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LayerChecks(
    InputType type, BiFunction<Random, Integer, float[]> draw, boolean padded, Layer... layers) {
  private static final int CLASSES = 3;
  private static final double STEP = 1e-6;

  /** Of about so many parameters of a network each seed checks the gradient. */
  private static final int CHECKED = 50;

  /** With an epsilon by which gradients of nearly nothing do not become steps of full length. */
  private static final Adam ADAM = new Adam(0.01, 0.9, 0.999, 1e-4);

  /** Without masks. */
  LayerChecks(InputType type, BiFunction<Random, Integer, float[]> draw, Layer... layers) {
    this(type, draw, false, layers);
  }

  /** The same with masks. */
  LayerChecks withMasks() {
    return new LayerChecks(type, draw, true, layers);
  }

  private MultiLayerConfiguration configuration(DataType numbers, IUpdater updater) {
    Natives.load();
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .dataType(numbers)
            .activation(Activation.TANH)
            .updater(updater)
            .l2(0.01)
            .list();
    for (Layer layer : layers) {
      list.layer(layer.clone());
    }
    Layer output =
        steps() > 0
            ? new RnnOutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .name("series")
                .build()
            : new OutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nOut(CLASSES)
                .build();
    // An embedding reads as many indices as it has rows only by chance.
    return list.layer(output).overrideNinUponBuild(false).setInputType(type).build();
  }

  /** How long the series are that the layers give; 0 if they give rows. */
  private int steps() {
    InputType given = type;
    for (Layer layer : layers) {
      Layer own = layer.clone();
      own.setNIn(given, false);
      long length = given instanceof InputTypeRecurrent series ? series.getTimeSeriesLength() : 0;
      given = own.getOutputType(0, given);
      if (layer instanceof GlobalPoolingLayer pooling
          && pooling.isCollapseDimensions()
          && given instanceof InputTypeRecurrent series) {
        // Deeplearning4j says that it gives a series.
        given = InputType.feedForward(series.getSize());
      } else if (given instanceof InputTypeRecurrent series && series.getTimeSeriesLength() < 0) {
        // It forgets how long the series of two directions are.
        given = InputType.recurrent(series.getSize(), length);
      }
    }
    return given instanceof InputTypeRecurrent series ? (int) series.getTimeSeriesLength() : 0;
  }

  MultiLayerConfiguration configuration() {
    return configuration(DataType.FLOAT, new Adam(0.01));
  }

  private DataSet batch(Random random, int examples) {
    int steps = Math.max(1, steps());
    float[] labels = new float[examples * CLASSES * steps];
    for (int i = 0; i < examples * steps; i++) {
      labels[(i / steps * CLASSES + random.nextInt(CLASSES)) * steps + i % steps] = 1;
    }
    return new DataSet(
        FloatArrays.create(draw.apply(random, examples), shape(examples)),
        steps() > 0
            ? FloatArrays.create(labels, examples, CLASSES, steps)
            : FloatArrays.create(labels, examples, CLASSES),
        padded ? mask(random, examples) : null,
        null);
  }

  private INDArray mask(Random random, int examples) {
    int steps = (int) ((InputTypeRecurrent) type).getTimeSeriesLength();
    float[] mask = new float[examples * steps];
    for (int i = 0; i < examples; i++) {
      int kind = random.nextInt(4);
      int length = kind == 0 ? 0 : kind == 1 ? steps : 1 + random.nextInt(steps);
      for (int step = 0; step < length; step++) {
        mask[i * steps + step] = kind == 3 && random.nextInt(3) == 0 ? 0 : 1;
      }
    }
    return FloatArrays.create(mask, examples, steps);
  }

  private long[] shape(int examples) {
    long[] shape = type.getShape(true).clone();
    shape[0] = examples;
    return shape;
  }

  /** All of it. */
  void hold() throws IOException {
    gradientsAreRight();
    kernelsComputeTheSame();
    isReadAsItWasWritten();
  }

  /** Against central differences, in double precision. */
  void gradientsAreRight() {
    for (int seed = 1; seed <= 3; seed++) {
      MultiLayerNetwork network = new MultiLayerNetwork(configuration(DataType.DOUBLE, new Sgd(1)));
      network.init();
      Random random = new Random(seed);
      INDArray parameters = network.params();
      perturb(parameters, random);
      int examples = seed == 1 ? 1 : 3;
      DataSet batch = batch(random, examples);
      INDArray in = batch.getFeatures().castTo(DataType.DOUBLE);
      INDArray labels = batch.getLabels().castTo(DataType.DOUBLE);
      network.setInput(in);
      network.setLabels(labels);
      network.setLayerMaskArrays(batch.getFeaturesMaskArray(), null);
      network.computeGradientAndScore();
      double[] found = network.gradient().gradient().dup().data().asDouble();
      DataSet same = new DataSet(in, labels, batch.getFeaturesMaskArray(), null);
      int stride = 1 + found.length / CHECKED;
      BitSet still = still(network);
      // The loss alone: penalties come in with the updater.
      for (int i = seed % stride; i < found.length; i += stride) {
        if (still.get(i)) {
          assertThat(found[i]).isZero();
          continue;
        }
        double at = parameters.getDouble(i);
        parameters.putScalar(i, at + STEP);
        double above = loss(network, same);
        parameters.putScalar(i, at - STEP);
        double below = loss(network, same);
        parameters.putScalar(i, at);
        double expected = (above - below) / (2 * STEP);
        assertThat(found[i])
            .as("gradient %s of seed %s", i, seed)
            .isCloseTo(expected, within(1e-6 * Math.max(1e-2, Math.abs(expected))));
      }
    }
  }

  /** The parameters that do not learn. */
  private static BitSet still(MultiLayerNetwork network) {
    BitSet still = new BitSet();
    Network.of(network).spans(0, 0).stream()
        .filter(span -> span.rate() == 0)
        .forEach(span -> still.set(span.from(), span.to()));
    return still;
  }

  private static double loss(MultiLayerNetwork network, DataSet batch) {
    double all = network.scoreExamples(batch, false).sumNumber().doubleValue();
    assertThat(all).isFinite();
    return all;
  }

  private static void perturb(INDArray parameters, Random random) {
    for (int i = 0; i < parameters.length(); i++) {
      parameters.putScalar(i, parameters.getDouble(i) + 0.1 * random.nextGaussian());
    }
  }

  /** Forward, each gradient, and after steps of Adam; and that there is a kernel. */
  CompiledNetwork kernelsComputeTheSame(String... fallbacks) {
    CompiledNetwork last = same(new Sgd(1), 1, 7, 1);
    assertThat(last.fallbacks()).containsExactly(fallbacks);
    for (int seed = 1; seed <= 3; seed++) {
      last = same(ADAM, seed, seed == 2 ? 1 : 9, 4);
    }
    return last;
  }

  private CompiledNetwork same(IUpdater updater, int seed, int examples, int steps) {
    MultiLayerConfiguration configuration = configuration(DataType.FLOAT, updater);
    Network expected = Network.of(configuration);
    CompiledNetwork found =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    Random random = new Random(seed);
    float[] start = expected.parameters();
    for (int i = 0; i < start.length; i++) {
      start[i] += 0.1f * (float) random.nextGaussian();
    }
    expected.setParameters(start);
    found.setParameters(start);
    found.setUpdaterState(expected.updaterState());
    for (int step = 0; step < steps; step++) {
      DataSet batch = batch(random, step == 2 ? examples + 4 : examples);
      INDArray mask = batch.getFeaturesMaskArray();
      INDArray[] in = {batch.getFeatures()};
      INDArray[] masks = {mask};
      MultiDataSet both =
          new MultiDataSet(
              in, new INDArray[] {batch.getLabels()}, mask == null ? null : masks, null);
      expected.setCounters(step, 0);
      found.setCounters(step, 0);
      Judged judged = found.judge(both);
      assertClose("output", judged.outputs()[0], FloatArrays.copy(expected.outputs(in, masks)[0]));
      Nd4j.getRandom().setSeed(step + 1);
      double loss = expected.fit(both);
      Nd4j.getRandom().setSeed(step + 1);
      assertThat(found.fit(both)).as("loss").isCloseTo(loss, within(1e-5 * (1 + loss)));
      assertClose("parameter", found.parameters(), expected.parameters());
    }
    assertClose("state", found.updaterState(), expected.updaterState());
    assertThat(found.parameters()).isNotEqualTo(start);
    return found;
  }

  static void assertClose(String what, float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .as("%s %s", what, i)
          .isCloseTo(expected[i], within(1e-5f + 1e-4f * Math.abs(expected[i])));
    }
  }

  /** By Deeplearning4j's own files: configuration, parameters and the updater's state. */
  void isReadAsItWasWritten() throws IOException {
    MultiLayerNetwork network = new MultiLayerNetwork(configuration());
    network.init();
    Random random = new Random(4);
    network.fit(batch(random, 5));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);
    MultiLayerNetwork read =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(bytes.toByteArray()), true);
    assertThat(read.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
    assertThat(FloatArrays.copy(read.params())).isEqualTo(FloatArrays.copy(network.params()));
    DataSet next = batch(random, 6);
    assertThat(FloatArrays.copy(read.output(next.getFeatures())))
        .isEqualTo(FloatArrays.copy(network.output(next.getFeatures())));
    assertThat(FloatArrays.copy(read.getUpdater().getStateViewArray()))
        .isEqualTo(FloatArrays.copy(network.getUpdater().getStateViewArray()));
    // A layer alone takes what it gave.
    for (org.deeplearning4j.nn.api.Layer layer : read.getLayers()) {
      if (layer.numParams() > 0) {
        INDArray own = layer.params().dup();
        float[] all = FloatArrays.copy(read.params());
        layer.setParams(own);
        assertThat(FloatArrays.copy(read.params())).isEqualTo(all);
      }
    }
    assertThat(Arrays.asList(read.getLayers())).hasSameSizeAs(Arrays.asList(network.getLayers()));
  }

  /**
   * Which rows of the table, the first of a network's parameters, a step of the compiled network
   * changes.
   *
   * @param in two series of three steps, of which the last of each is left out by a mask
   * @param rows of the table
   * @param width of a row
   */
  static Set<Integer> changedRows(
      MultiLayerConfiguration configuration, INDArray in, int rows, int width) {
    CompiledNetwork network =
        CompiledNetwork.training(configuration, MatrixProducts.ofThisProcess()).orElseThrow();
    float[] start = Network.of(configuration).parameters();
    network.setParameters(start);
    INDArray mask = FloatArrays.create(new float[] {1, 1, 0, 1, 1, 0}, 2, 3);
    INDArray labels = FloatArrays.create(new float[] {1, 0, 0, 1}, 2, 2);
    network.fit(
        new MultiDataSet(
            new INDArray[] {in}, new INDArray[] {labels}, new INDArray[] {mask}, null));
    float[] after = network.parameters();
    Set<Integer> changed = new TreeSet<>();
    for (int i = 0; i < width * rows; i++) {
      if (after[i] != start[i]) {
        changed.add(i / width);
      }
    }
    return changed;
  }

  static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
