package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;

/** What trains and predicts comes to what Deeplearning4j's networks come to. */
class ReplicaTest {
  private static final int WIDTH = 12;
  private static final UpdaterSpec ADAM = new UpdaterSpec.Adam(0.01, 0.9, 0.999, 1e-8);

  private static Network network(
      List<Integer> hidden,
      HiddenActivation activation,
      double dropout,
      double l2,
      Loss loss,
      Target target,
      UpdaterSpec updater,
      GradientClipping clipping) {
    return new NetworkDefinition(
            new MultilayerPerceptron(hidden, activation, dropout, l2, InitialWeights.HE, loss),
            List.of(
                TensorSpec.of(
                    "x", Element.FLOAT32, List.of(WIDTH), List.of(), List.of(), List.of())),
            target)
        .initial(updater, clipping, 5);
  }

  private static Network network(List<Integer> hidden, double dropout, double l2, Target target) {
    return network(
        hidden,
        HiddenActivation.RELU,
        dropout,
        l2,
        Loss.AUTO,
        target,
        ADAM,
        GradientClipping.none());
  }

  private static final List<Integer> PICTURE = List.of(2, 17, 18);

  private static Network lenet(
      List<Integer> picture, List<Integer> filters, double dropout, Target target) {
    return new NetworkDefinition(
            new LeNet(filters, 10, HiddenActivation.RELU, dropout, 1e-3, InitialWeights.HE),
            List.of(TensorSpec.of("x", Element.FLOAT32, picture, List.of(), List.of(), List.of())),
            target)
        .initial(ADAM, GradientClipping.none(), 5);
  }

  /** Windows that overlap, leave gaps, look beyond the edge and leave some of it out. */
  private static Network windows(ConvolutionMode mode, PoolingType pooling) {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Adam(0.01))
            .activation(Activation.RELU)
            .weightInit(WeightInit.RELU)
            .convolutionMode(mode)
            .list()
            .layer(
                new ConvolutionLayer.Builder(3, 2).stride(2, 1).padding(1, 1).nOut(5).l2(0).build())
            .layer(new ConvolutionLayer.Builder(2, 3).padding(0, 1).nOut(4).l2(0.01).build())
            .layer(new SubsamplingLayer.Builder(pooling).kernelSize(3, 2).stride(2, 1).build())
            .layer(new ConvolutionLayer.Builder(1, 1).nOut(3).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutionalFlat(17, 18, 2))
            .build());
  }

  private static Network scheduled() {
    return dense(
        new Adam(
            new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.02).add(3, 0.001).build()));
  }

  private static Network warmedUp(LearningRateSchedule schedule) {
    return new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(9), HiddenActivation.RELU, 0.2, 0, InitialWeights.HE, Loss.AUTO),
            List.of(
                TensorSpec.of(
                    "x", Element.FLOAT32, List.of(WIDTH), List.of(), List.of(), List.of())),
            Target.classes(3))
        .initial(new Optimisation(ADAM, GradientClipping.none(), schedule, 10), 5);
  }

  /** Deeplearning4j's layers, with weights of examples and its own, ask for the same rate. */
  @Test
  void everyWayTakesStepsAtTheRateOfTheSchedule() {
    LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0.1);
    Network network = warmedUp(schedule);
    Network weighted = network.weighted();
    Network constant = warmedUp(new LearningRateSchedule.Constant());
    for (int step : new int[] {0, 4, 9}) {
      double rate = 0.01 * schedule.factor(step, 10);
      for (Network way : List.of(network, weighted)) {
        assertThat(way.spans(step, 0)).extracting(Network.Span::rate).containsOnly(rate);
      }
      assertThat(constant.spans(step, 0)).extracting(Network.Span::rate).containsOnly(0.01);
    }
  }

  private static Network dense(IUpdater updater) {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(updater)
            .list()
            .layer(new DenseLayer.Builder().nIn(WIDTH).nOut(9).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nIn(9)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build());
  }

  static Stream<Arguments> biasCorrecting() {
    MapSchedule rates =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.5).add(100, 0.01).build();
    return Stream.of(
        arguments(new Adam(0.01), new Adam(rates)),
        arguments(new AMSGrad(0.01), new AMSGrad(rates)),
        arguments(new AdaMax(0.01), new AdaMax(rates)),
        arguments(new Nadam(0.01), new Nadam(rates)));
  }

  /** The correction of its averages counts its own steps, the learning rate the training's. */
  @ParameterizedTest
  @MethodSource("biasCorrecting")
  void anUpdaterMayBeginLaterThanTheTraining(IUpdater constant, IUpdater scheduled) {
    Target three = Target.classes(3);
    Network expected = dense(constant);
    float[] start = expected.parameters();
    float[] zeros = new float[expected.updaterState().length];
    MultiDataSet batch = batch(new Random(11), 17, WIDTH, three, false);
    for (int step = 0; step < 4; step++) {
      step(expected, batch, step);
    }
    Network layers = dense(scheduled);
    Network graph = Network.of(((MultiLayerNetwork) layers.model()).toComputationGraph());
    for (Replica way : List.of(layers, graph, layers.replica(), graph.replica())) {
      // A replica goes from one training to another.
      for (int begin : new int[] {100, 250}) {
        way.setParameters(start);
        way.setUpdaterState(zeros);
        way.setUpdaterStart(begin);
        for (int step = 0; step < 4; step++) {
          step(way, batch, begin + step);
        }
        assertClose(way.parameters(), expected.parameters(), 2e-5f);
      }
    }
  }

  /** As validation measures it: a penalty would make the two incomparable. */
  @Test
  void theLossOfAStepIsWithoutPenalties() {
    Target three = Target.classes(3);
    Network layers = network(List.of(9), 0, 5.0, three);
    Network graph = Network.of(((MultiLayerNetwork) layers.model()).toComputationGraph());
    assertThat(layers.penalty()).isGreaterThan(1);
    assertThat(graph.penalty()).isEqualTo(layers.penalty());
    for (Replica way : List.of(layers, graph, layers.weighted(), layers.replica())) {
      way.setParameters(network(List.of(9), 0, 5.0, three).parameters());
      MultiDataSet batch = batch(new Random(11), 17, WIDTH, three, false);
      double mean = 0;
      for (float loss : way.judge(batch).losses()[0]) {
        mean += loss / 17;
      }
      assertThat(step(way, batch, 0)).as("%s", way.getClass()).isCloseTo(mean, within(1e-5));
    }
  }

  static Stream<Arguments> networks() {
    Target three = Target.classes(3);
    Target two = Target.binary(1);
    Target number = Target.number();
    return Stream.of(
        arguments("classes", network(List.of(9, 8), 0, 0, three), three),
        arguments("pictures", lenet(PICTURE, List.of(4, 6), 0.3, three), three),
        arguments("pictures of two classes", lenet(PICTURE, List.of(3), 0, two), two),
        arguments(
            "pictures in several pieces",
            lenet(List.of(1, 28, 28), List.of(20, 8), 0.3, three),
            three),
        arguments("windows", windows(ConvolutionMode.Truncate, PoolingType.MAX), three),
        arguments("padded windows", windows(ConvolutionMode.Same, PoolingType.MAX), three),
        arguments(
            "clipping",
            network(
                List.of(9),
                HiddenActivation.TANH,
                0.2,
                1e-3,
                Loss.AUTO,
                three,
                new UpdaterSpec.Nesterov(0.1, 0.9),
                new GradientClipping(GradientClipping.By.NORM, 1)),
            three),
        arguments("no hidden layer", network(List.of(), 0, 0, three), three),
        arguments("dropout and penalties", network(List.of(33, 18, 7), 0.4, 1e-2, three), three),
        arguments("wide", network(List.of(70, 300), 0.1, 1e-3, three), three),
        arguments("two classes", network(List.of(9), 0.2, 1e-3, two), two),
        arguments("a number", network(List.of(9), 0, 1e-3, number), number),
        arguments("a learning rate that changes", scheduled(), three),
        arguments("cosine", warmedUp(new LearningRateSchedule.Cosine(0)), three),
        arguments("up and down", warmedUp(new LearningRateSchedule.WarmupCosine(0.4, 0)), three),
        arguments("steps", warmedUp(new LearningRateSchedule.Step(0.2, 0.5)), three));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stepsComeToTheSame(String name, Network network, Target target) {
    same(network, target, false);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void withAWeightForEachExample(String name, Network network, Target target) {
    same(network, target, true);
  }

  private static void same(Network own, Target target, boolean weighted) {
    // Deeplearning4j's own takes a mask for more than weights.
    Network network = weighted ? own.weighted() : own;
    network.setParameters(own.parameters());
    Replica replica = own.replica();
    assertThat(replica).isInstanceOf(CompiledNetwork.class);
    float[] start = network.parameters();
    replica.setParameters(start);
    replica.setUpdaterState(network.updaterState());
    Random random = new Random(11);
    for (int step = 0; step < 8; step++) {
      // One that is smaller, one that is larger than those before.
      int examples = step == 5 ? 3 : step == 6 ? 40 : 17;
      MultiDataSet batch = batch(random, examples, width(own), target, weighted);
      double expected = step(network, batch, step);
      assertThat(step(replica, batch, step))
          .as("loss of step %d", step)
          .isCloseTo(expected, within(2e-5 * (1 + expected)));
      assertClose(replica.parameters(), network.parameters(), 2e-5f);
    }
    assertClose(replica.updaterState(), network.updaterState(), 2e-5f);
    double moved = 0;
    for (int i = 0; i < start.length; i++) {
      moved = Math.max(moved, Math.abs(start[i] - network.parameters()[i]));
    }
    assertThat(moved).isGreaterThan(0.005);

    MultiDataSet examples = batch(random, 23, width(own), target, false);
    Replica.Judged found = replica.judge(examples);
    Replica.Judged judged = network.judge(examples);
    assertClose(found.losses()[0], judged.losses()[0], 1e-4f);
    assertClose(found.outputs()[0], judged.outputs()[0], 1e-4f);
  }

  private static double step(Replica replica, MultiDataSet batch, int step) {
    replica.setCounters(step, 0);
    // A seed of zero is none.
    Nd4j.getRandom().setSeed(step + 1);
    return replica.fit(batch);
  }

  private static int width(Network network) {
    return ((MultiLayerNetwork) network.model()).getLayerWiseConfigurations().getInputPreProcess(0)
            instanceof FeedForwardToCnnPreProcessor pictures
        ? (int) (pictures.getNumChannels() * pictures.getInputHeight() * pictures.getInputWidth())
        : WIDTH;
  }

  private static MultiDataSet batch(
      Random random, int examples, int width, Target target, boolean weighted) {
    float[] inputs = new float[examples * width];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    float[] labels = new float[examples * target.outputs()];
    float[] weights = new float[examples];
    for (int i = 0; i < examples; i++) {
      int classes = target.classCount();
      float label = classes == 0 ? (float) random.nextGaussian() : random.nextInt(classes);
      target.write(label, labels, i * target.outputs());
      weights[i] = 0.5f + random.nextFloat();
    }
    @Nullable INDArray[] mask = {weighted ? FloatArrays.create(weights, examples, 1) : null};
    return new MultiDataSet(
        new INDArray[] {FloatArrays.create(inputs, examples, width)},
        new INDArray[] {FloatArrays.create(labels, examples, target.outputs())},
        null,
        weighted ? mask : null);
  }

  private static void assertClose(float[] found, float[] expected, float most) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .as("number %d", i)
          .isCloseTo(expected[i], within(most + 1e-4f * Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void predictionsComeToTheSame(String name, Network network, Target target) {
    predictTheSame(network, target);
  }

  @Test
  void whoOnlyPredictsNeedNotKnowHowItLearnt() {
    Target three = Target.classes(3);
    predictTheSame(
        network(
            List.of(9),
            HiddenActivation.RELU,
            0.2,
            0,
            Loss.AUTO,
            three,
            new UpdaterSpec.Sgd(0.1),
            GradientClipping.none()),
        three);
  }

  private static void predictTheSame(Network network, Target target) {
    assertThat(network.compiled(network.parameters())).get().isInstanceOf(CompiledNetwork.class);
    Inference inference = network.inference();
    Random random = new Random(3);
    // One that is smaller, one that is larger than those before.
    for (int examples : new int[] {8, 3, 20}) {
      INDArray rows = batch(random, examples, width(network), target, false).getFeatures(0);
      assertClose(
          inference.outputs(new float[][] {FloatArrays.copy(rows)}, examples)[0],
          FloatArrays.copy(network.outputs(rows)[0]),
          1e-5f);
    }
  }

  /** A loss that is not finite must show as one, and not be rectified away. */
  @Test
  void whatIsNotANumberStaysNone() {
    Target three = Target.classes(3);
    for (Network network :
        List.of(network(List.of(9), 0, 0, three), lenet(PICTURE, List.of(4, 6), 0, three))) {
      Replica replica = network.replica();
      float[] parameters = network.parameters();
      parameters[4] = Float.NaN;
      replica.setParameters(parameters);
      assertThat(replica.fit(batch(new Random(1), 5, width(network), three, false))).isNaN();
    }
  }

  @Test
  void arraysOfAnotherLengthAreRefused() {
    Replica replica = network(List.of(2), 0, 0, Target.number()).replica();
    assertThatThrownBy(() -> replica.setParameters(new float[28]))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the network has 29 parameters, got 28");
    assertThatThrownBy(() -> replica.setUpdaterState(new float[29]))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the network has 58 updater values, got 29");
  }
}
