package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.FloatArrays;
import sluice.network.Network;
import sluice.network.layers.ErfGelu;
import sluice.network.layers.TanhGelu;
import sluice.network.losses.HuberLoss;
import sluice.network.losses.LabelSmoothing;
import sluice.network.losses.QuantileLoss;

/** Steps of compiled networks come to what Deeplearning4j's come to. */
class CompiledNetworkTest {
  private static final int WIDTH = 11;
  private static final int OUTPUTS = 3;

  /** A network of two hidden layers. */
  private static MultiLayerConfiguration layers(
      UnaryOperator<NeuralNetConfiguration.Builder> training,
      UnaryOperator<DenseLayer.Builder> hidden,
      OutputLayer.Builder output) {
    return training
        .apply(new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01)))
        .list()
        .layer(hidden.apply(new DenseLayer.Builder().nIn(WIDTH).nOut(9)).build())
        .layer(hidden.apply(new DenseLayer.Builder().nIn(9).nOut(7)).build())
        .layer(output.nIn(7).nOut(OUTPUTS).build())
        .build();
  }

  private static OutputLayer.Builder classes() {
    return new OutputLayer.Builder(new LossMCXENT()).activation(Activation.SOFTMAX);
  }

  private static MultiLayerConfiguration numbers(ILossFunction loss) {
    return layers(t -> t, h -> h, new OutputLayer.Builder(loss).activation(Activation.IDENTITY));
  }

  private static MultiLayerConfiguration training(
      UnaryOperator<NeuralNetConfiguration.Builder> training) {
    return layers(training, hidden -> hidden.activation(Activation.TANH), classes());
  }

  private static MultiLayerConfiguration updated(IUpdater updater) {
    return training(t -> t.updater(updater));
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments("no bias", layers(t -> t, h -> h.hasBias(false), classes())),
        arguments("dropout", layers(t -> t, h -> h.dropOut(0.7), classes().dropOut(0.6))),
        arguments(
            "sigmoid cross-entropy",
            layers(
                t -> t,
                h -> h,
                new OutputLayer.Builder(new LossBinaryXENT()).activation(Activation.SIGMOID))),
        arguments(
            "squared error",
            layers(
                t -> t,
                h -> h,
                new OutputLayer.Builder(new LossMSE()).activation(Activation.IDENTITY))),
        arguments("Huber", numbers(new HuberLoss(0.4))),
        arguments("quantile", numbers(new QuantileLoss(0.9))),
        arguments(
            "smoothed classes",
            layers(
                t -> t,
                h -> h,
                new OutputLayer.Builder(new LabelSmoothing(new LossMCXENT(), 0.2))
                    .activation(Activation.SOFTMAX))),
        arguments(
            "smoothed labels",
            layers(
                t -> t,
                h -> h,
                new OutputLayer.Builder(new LabelSmoothing(new LossBinaryXENT(), 0.2))
                    .activation(Activation.SIGMOID))),
        arguments("Nesterov", updated(new Nesterovs(0.05, 0.9))),
        arguments("gradient descent", updated(new Sgd(0.1))),
        arguments("an updater without a kernel", updated(new RmsProp(0.01))),
        arguments("L1 and L2", training(t -> t.l1(0.01).l2(0.02).l2Bias(0.03))),
        arguments("weight decay", training(t -> t.weightDecay(0.1).weightDecayBias(0.2, false))),
        arguments("its own updater for biases", training(t -> t.biasUpdater(new Sgd(0.3)))),
        arguments(
            "a layer with its own learning rate",
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder().nIn(WIDTH).nOut(9).updater(new Adam(0.1)).build())
                .layer(classes().nIn(9).nOut(OUTPUTS).build())
                .build()),
        arguments(
            "a frozen layer",
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .list()
                .layer(
                    new FrozenLayer.Builder()
                        .layer(
                            new DenseLayer.Builder()
                                .nIn(WIDTH)
                                .nOut(9)
                                .activation(Activation.RELU)
                                .build())
                        .build())
                .layer(new DenseLayer.Builder().nIn(9).nOut(8).build())
                .layer(classes().nIn(8).nOut(OUTPUTS).build())
                .build()));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stepsComeToTheSame(String name, MultiLayerConfiguration configuration) {
    for (int seed = 1; seed <= 3; seed++) {
      CompiledNetwork found = same(configuration, seed, 13, false);
      assertThat(found.fallbacks()).isEmpty();
      same(configuration, seed, 1, false);
      same(configuration, seed, 6, true);
    }
  }

  /** Without weights: Deeplearning4j's loss of each example is not divided by the outputs here. */
  @Test
  void absoluteErrorsComeToTheSame() {
    OutputLayer.Builder output =
        new OutputLayer.Builder(new LossMAE()).activation(Activation.IDENTITY);
    CompiledNetwork found = same(layers(t -> t, h -> h, output), 1, 13, false);
    assertThat(found.fallbacks()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {
        "IDENTITY",
        "RELU",
        "LEAKYRELU",
        "ELU",
        "TANH",
        "SIGMOID",
        "SELU",
        "SWISH",
        "GELU",
        "MISH"
      })
  void withEachActivation(Activation activation) {
    CompiledNetwork found =
        same(layers(t -> t, h -> h.activation(activation), classes()), 1, 13, true);
    assertThat(found.fallbacks()).isEmpty();
  }

  /** Those that have no name in Deeplearning4j's list, or a parameter. */
  @Test
  void withOtherActivations() {
    for (IActivation activation :
        List.of(new TanhGelu(), new ErfGelu(), new ActivationLReLU(0.3))) {
      CompiledNetwork found =
          same(layers(t -> t, h -> h.activation(activation), classes()), 1, 13, true);
      assertThat(found.fallbacks()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(GradientNormalization.class)
  void withEachGradientNormalisation(GradientNormalization kind) {
    same(
        training(t -> t.gradientNormalization(kind).gradientNormalizationThreshold(0.05)),
        2,
        9,
        false);
  }

  @Test
  void aLayerWithoutAKernelTrainsAmongTheOthers() {
    CompiledNetwork found =
        same(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder().nIn(WIDTH).nOut(9).build())
                .layer(new PReLULayer.Builder().nIn(9).nOut(9).inputShape(9).build())
                .layer(
                    new DenseLayer.Builder()
                        .nIn(9)
                        .nOut(8)
                        .activation(Activation.HARDSIGMOID)
                        .name("bent")
                        .build())
                .layer(classes().nIn(8).nOut(OUTPUTS).build())
                .build(),
            1,
            13,
            false);
    assertThat(found.fallbacks()).containsExactly("layer1", "bent");
  }

  @Test
  void aGraphOfLayersTrainsToo() {
    ComputationGraphConfiguration graph =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Adam(0.01))
            .graphBuilder()
            .addInputs("rows")
            .addLayer("last", classes().nIn(9).nOut(OUTPUTS).build(), "hidden")
            .addLayer("hidden", new DenseLayer.Builder().nIn(WIDTH).nOut(9).build(), "rows")
            .setOutputs("last")
            .build();
    Comparison.of(OUTPUTS, WIDTH).steps(graph, 3, 11, false);
  }

  @Test
  void networksThatPredictShareTheirParameters() {
    MultiLayerConfiguration configuration = layers(t -> t, h -> h, classes());
    float[] parameters = Network.of(configuration).parameters();
    SharedParameters shared = SharedParameters.of(parameters);
    float[][] rows = {numbers(new Random(4), 5 * WIDTH)};
    List<CompiledNetwork> networks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      networks.add(
          CompiledNetwork.predicting(configuration, MatrixProducts.ofThisProcess(), shared)
              .orElseThrow());
    }
    assertThat(networks.get(1).outputs(rows, 5)).isDeepEqualTo(networks.get(0).outputs(rows, 5));
    assertThat(networks.get(1).parameters()).containsExactly(parameters);
    assertThatThrownBy(() -> networks.get(0).setParameters(parameters))
        .hasMessage("parameters that networks share must not change");
  }

  /** An example's prediction is the same bits alone, among few and among many. */
  @ParameterizedTest
  @ValueSource(ints = {2, 8, 9, 21})
  void predictionsDoNotDependOnTheOthers(int examples) {
    MultiLayerConfiguration configuration = layers(t -> t, h -> h, classes());
    Network network = Network.of(configuration);
    CompiledNetwork predicting =
        CompiledNetwork.predicting(
                configuration,
                MatrixProducts.ofThisProcess(),
                SharedParameters.of(network.parameters()))
            .orElseThrow();
    float[] rows = numbers(new Random(4), examples * WIDTH);
    float[] together = predicting.outputs(new float[][] {rows}, examples)[0];
    assertThat(together)
        .containsExactly(
            FloatArrays.copy(network.outputs(FloatArrays.create(rows, examples, WIDTH))[0]),
            within(1e-5f));
    for (int i = 0; i < examples; i++) {
      float[] row = Arrays.copyOfRange(rows, i * WIDTH, (i + 1) * WIDTH);
      assertThat(predicting.outputs(new float[][] {row}, 1)[0])
          .containsExactly(Arrays.copyOfRange(together, i * OUTPUTS, (i + 1) * OUTPUTS));
    }
  }

  /** Trains both and compares after each step. */
  private static CompiledNetwork same(
      MultiLayerConfiguration configuration, int seed, int examples, boolean weighted) {
    return Comparison.of(OUTPUTS, WIDTH).steps(configuration, seed, examples, weighted);
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
