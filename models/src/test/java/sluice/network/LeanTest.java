package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

/** What a replica trains is what Deeplearning4j's own network trains. */
class LeanTest {
  private static final int EXAMPLES = 7;
  private static final int STEPS = 6;

  private static Network network(NetworkSpec spec, List<Integer> shape) {
    return new NetworkDefinition(
            spec,
            List.of(new FeatureGroup("x", Encoding.FLOAT, shape, List.of(), List.of(), List.of())),
            Target.classes(3))
        .initial(new UpdaterSpec.Sgd(0.1), 5);
  }

  private static Network layers(IUpdater updater) {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(updater)
            .list()
            .layer(dense(12, 9).dropOut(0.8).build())
            .layer(dense(9, 8).build())
            .layer(output(8))
            .build());
  }

  private static DenseLayer.Builder dense(int in, int out) {
    return new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.RELU);
  }

  private static OutputLayer output(int in) {
    return new OutputLayer.Builder(new LossMSE())
        .nIn(in)
        .nOut(3)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static Network graph(Function<GraphBuilder, GraphBuilder> vertices) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(0.1))
            .graphBuilder()
            .addInputs("in");
    return Network.of(vertices.apply(builder).setOutputs("out").build());
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        arguments("dropout of the input", layers(new Sgd(0.1)), 12),
        arguments("another updater", layers(new Nesterovs(0.1, 0.9)), 12),
        arguments(
            "a graph of one path",
            graph(
                g ->
                    g.addLayer("a", dense(12, 9).build(), "in")
                        .addLayer("b", dense(9, 8).hasLayerNorm(true).build(), "a")
                        .addLayer("out", output(8), "b")),
            12),
        arguments(
            "two layers on one input",
            graph(
                g ->
                    g.addLayer("a", dense(12, 9).build(), "in")
                        .addLayer("b", dense(12, 7).hasBias(false).build(), "in")
                        .addLayer("out", output(16), "a", "b")),
            12),
        arguments(
            "a layer that two read, and noise in its weights",
            graph(
                g ->
                    g.addLayer("a", dense(12, 9).weightNoise(new DropConnect(0.7)).build(), "in")
                        .addLayer("b", dense(9, 7).build(), "a")
                        .addLayer("c", dense(9, 7).build(), "a")
                        .addLayer("out", output(14), "b", "c")),
            12),
        arguments(
            "a bent rectifier",
            graph(
                g ->
                    g.addLayer(
                            "a",
                            dense(12, 9).activation(new ActivationReLU(0.5, 0.1, 0.2)).build(),
                            "in")
                        .addLayer("out", output(9), "a")),
            12));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void stepsComeToTheSameBits(String name, Network network, int width) {
    Network replica = replica(network);
    train(network, width);
    train(replica, width);
    assertThat(replica.parameters()).as(name).containsExactly(network.parameters());
    assertThat(replica.updaterState()).containsExactly(network.updaterState());
  }

  @ParameterizedTest
  @EnumSource(HiddenActivation.class)
  void withEachActivation(HiddenActivation activation) {
    Network network =
        network(
            new MultilayerPerceptron(
                List.of(9, 8), activation, 0.4, 1e-3, InitialWeights.XAVIER, Loss.AUTO),
            List.of(12));
    Network replica = replica(network);
    assertThat(train(replica, 12)).isEqualTo(train(network, 12));
    assertThat(replica.parameters()).containsExactly(network.parameters());
  }

  static Stream<Arguments> convolutions() {
    return Stream.of(
        arguments(
            "LeNet",
            network(
                new LeNet(List.of(4, 6), 11, HiddenActivation.RELU, 0.5, 1e-3, InitialWeights.HE),
                List.of(1, 16, 16)),
            256),
        arguments("residual", network(new ResNet(List.of(4, 8), 1, 1e-3), List.of(2, 8, 8)), 128),
        arguments(
            "steps and borders",
            pictures(c -> c.kernelSize(3, 2).stride(2, 1).padding(1, 0).nOut(4)),
            2 * 9 * 8),
        arguments(
            "steps with borders such that all is covered",
            pictures(
                c ->
                    c.kernelSize(4, 3)
                        .stride(3, 2)
                        .convolutionMode(ConvolutionMode.Same)
                        .hasBias(false)
                        .nOut(3)),
            2 * 9 * 8),
        arguments(
            "holes, which are left to Deeplearning4j",
            pictures(c -> c.kernelSize(2, 2).dilation(2, 2).nOut(3)),
            2 * 9 * 8));
  }

  private static Network pictures(
      Function<ConvolutionLayer.Builder, ConvolutionLayer.Builder> convolution) {
    return Network.of(
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Sgd(0.1))
            .list()
            .layer(
                convolution
                    .apply(new ConvolutionLayer.Builder().activation(Activation.TANH))
                    .build())
            .layer(
                new OutputLayer.Builder(new LossMSE())
                    .nOut(3)
                    .activation(Activation.IDENTITY)
                    .build())
            .setInputType(InputType.convolutionalFlat(9, 8, 2))
            .build());
  }

  /** The weights of the first layer have their gradients from another operation. */
  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionsComeToTheSameButForRounding(String name, Network network, int width) {
    Network replica = replica(network);
    float[] start = network.parameters();
    train(network, width);
    train(replica, width);
    assertClose(replica.parameters(), network.parameters(), start, name);
  }

  /** Its arithmetic is in another order than the native one's. */
  @Test
  void adamComesToTheSameButForRounding() {
    MapSchedule rates =
        new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.01).add(3, 0.002).build();
    Network network =
        graph(
            g ->
                g.addLayer("a", dense(12, 200).updater(new Adam(rates)).build(), "in")
                    .addLayer(
                        "b", dense(200, 50).updater(new Adam(0.01, 0.8, 0.99, 1e-6)).build(), "a")
                    .addLayer("out", output(50), "b"));
    Network replica = replica(network);
    float[] start = network.parameters();
    train(network, 12);
    train(replica, 12);
    assertClose(replica.parameters(), network.parameters(), start, "adam");
    float[] state = network.updaterState();
    float[] replicas = replica.updaterState();
    assertThat(replicas).hasSameSizeAs(state);
    for (int i = 0; i < state.length; i++) {
      assertThat(replicas[i]).isCloseTo(state[i], within(1e-6f + 1e-4f * Math.abs(state[i])));
    }
  }

  /** Deeplearning4j's own layer would multiply what comes before the activation, too. */
  @Test
  void aMaskOverTheLabelsIsAWeightOfTheLosses() {
    Network lean = layers(new Sgd(1e-2)).lean();
    float[] start = lean.parameters();
    float[] inputs = new float[3 * 12];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) Math.sin(i);
    }
    double first = loss(lean, start, inputs, 1, 0, 0);
    double second = loss(lean, start, inputs, 0, 1, 0);
    float[] once = lean.parameters();
    double third = loss(lean, start, inputs, 0, 0, 1);
    assertThat(loss(lean, start, inputs, 0.5f, 2, 7))
        .isCloseTo(0.5 * first + 2 * second + 7 * third, within(1e-4));
    loss(lean, start, inputs, 0, 3, 0);
    float[] thrice = lean.parameters();
    double most = 0;
    for (int i = 0; i < start.length; i++) {
      assertThat(thrice[i] - start[i]).isCloseTo(3 * (once[i] - start[i]), within(1e-6f));
      most = Math.max(most, Math.abs(once[i] - start[i]));
    }
    assertThat(most).isGreaterThan(1e-4);
  }

  private static double loss(Network network, float[] start, float[] inputs, float... weights) {
    network.setParameters(start);
    network.setCounters(0, 0);
    Nd4j.getRandom().setSeed(1);
    return network.fit(
        new MultiDataSet(
            new INDArray[] {FloatArrays.create(inputs, 3, 12)},
            new INDArray[] {FloatArrays.create(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3)},
            null,
            new INDArray[] {FloatArrays.create(weights, 3, 1)}));
  }

  @Test
  void whatIsNotForTrainingIsDeeplearning4jsOwn() {
    Network network = layers(new Adam(0.1));
    Network replica = network.lean();
    assertThat(((MultiLayerNetwork) network.model()).getLayer(0).conf().getLayer())
        .isExactlyInstanceOf(DenseLayer.class);
    assertThat(((MultiLayerNetwork) replica.model()).getLayer(0).conf().getLayer())
        .isNotExactlyInstanceOf(DenseLayer.class)
        .isInstanceOf(DenseLayer.class);
    assertThat(graph(g -> g.addLayer("out", output(12), "in")).lean().model())
        .isInstanceOf(ComputationGraph.class);
  }

  private static void assertClose(float[] found, float[] expected, float[] start, String name) {
    assertThat(found).hasSameSizeAs(expected);
    double moved = 0;
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as(name).isCloseTo(expected[i], within(5e-6f));
      moved = Math.max(moved, Math.abs(expected[i] - start[i]));
    }
    assertThat(moved).as(name).isGreaterThan(0.01);
  }

  private static Network replica(Network network) {
    Network replica = network.lean();
    replica.setParameters(network.parameters());
    replica.setUpdaterState(network.updaterState());
    return replica;
  }

  /** The sum of the losses of some steps. */
  private static double train(Network network, int width) {
    Random random = new Random(11);
    double losses = 0;
    for (int step = 0; step < STEPS; step++) {
      float[] inputs = new float[EXAMPLES * width];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = (float) random.nextGaussian();
      }
      float[] labels = new float[EXAMPLES * 3];
      for (int i = 0; i < EXAMPLES; i++) {
        labels[i * 3 + random.nextInt(3)] = 1;
      }
      network.setCounters(step, 0);
      // A seed of zero is none.
      Nd4j.getRandom().setSeed(step + 1);
      losses +=
          network.fit(
              new MultiDataSet(
                  FloatArrays.create(inputs, EXAMPLES, width),
                  FloatArrays.create(labels, EXAMPLES, 3)));
    }
    return losses;
  }
}
