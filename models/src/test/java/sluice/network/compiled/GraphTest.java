package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.Network;
import sluice.network.Replica.Judged;

/** Graphs come to what Deeplearning4j's come to, whatever vertices they have. */
class GraphTest {
  private static final int WIDTH = 6;
  private static final int CLASSES = 3;
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 5;
  private static final Comparison ROWS = Comparison.of(CLASSES, WIDTH);
  private static final Comparison PICTURES = Comparison.of(CLASSES, CHANNELS * HEIGHT * WIDTH);

  private static GraphBuilder graph(double rate) {
    return new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(rate)).graphBuilder();
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder().nOut(WIDTH).activation(Activation.TANH).build();
  }

  private static ConvolutionLayer convolution(int outputs) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(outputs)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.TANH)
        .build();
  }

  private static OutputLayer output(int classes) {
    return new OutputLayer.Builder(new LossMCXENT())
        .nOut(classes)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** Two layers and what they read, which vertices make something of. */
  private static ComputationGraphConfiguration rows(
      double rate, UnaryOperator<GraphBuilder> vertices) {
    GraphBuilder graph =
        graph(rate)
            .addInputs("in")
            .setInputTypes(InputType.feedForward(WIDTH))
            .addLayer("a", dense(), "in")
            .addLayer("b", dense(), "a");
    return vertices.apply(graph).addLayer("out", output(CLASSES), "last").setOutputs("out").build();
  }

  private static ComputationGraphConfiguration pictures(
      double rate, UnaryOperator<GraphBuilder> vertices) {
    GraphBuilder graph =
        graph(rate)
            .addInputs("in")
            .setInputTypes(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS))
            .addLayer("a", convolution(4), "in")
            .addLayer("b", convolution(4), "a");
    return vertices
        .apply(graph)
        .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "last")
        .addLayer("out", output(CLASSES), "mean")
        .setOutputs("out")
        .build();
  }

  private static void check(
      Comparison comparison, ComputationGraphConfiguration graph, String... fallbacks) {
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(comparison.steps(graph, seed, 7, false).fallbacks()).containsExactly(fallbacks);
      comparison.steps(graph, seed, 1, false);
    }
    comparison.steps(graph, 4, 5, true);
    comparison.predictions(graph, 27);
  }

  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void numberByNumber(ElementWiseVertex.Op op) {
    UnaryOperator<GraphBuilder> two = g -> g.addVertex("last", new ElementWiseVertex(op), "a", "b");
    check(ROWS, rows(0.1, two));
    check(PICTURES, pictures(0.1, two));
    ROWS.slopes(farApart(rows(1, two)), Comparison.compiled(rows(1, two)), 3, 6);
    if (op != ElementWiseVertex.Op.Subtract) {
      check(ROWS, rows(0.1, g -> g.addVertex("last", new ElementWiseVertex(op), "b", "in", "a")));
    }
  }

  /**
   * A network whose layers a and b give numbers near 0.9 and 0.5, of either sign: no step of finite
   * differences goes over the corner of a maximum, or of a ReLU of what a vertex makes of the two.
   */
  private static Network farApart(ComputationGraphConfiguration graph) {
    Network network = Network.of(graph);
    ComputationGraph model = (ComputationGraph) network.model();
    setApart(model.getLayer("a"), 1.5, 1);
    setApart(model.getLayer("b"), 0.5, 2);
    return network;
  }

  /** Small weights, and biases whose sign changes with each so many. */
  private static void setApart(Layer layer, double bias, int alike) {
    layer.getParam("W").muli(0.1);
    INDArray biases = layer.getParam("b");
    for (int i = 0; i < biases.length(); i++) {
      biases.putScalar(i, i / alike % 2 == 0 ? bias : -bias);
    }
  }

  private static ActivationLayer activation(Activation function) {
    return new ActivationLayer(function);
  }

  /** An activation that a vertex computes, too, comes to the same bits as by itself. */
  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void anActivationBehindIt(ElementWiseVertex.Op op) {
    UnaryOperator<GraphBuilder> vertex =
        g -> g.addVertex("both", new ElementWiseVertex(op), "a", "b");
    for (Activation function : new Activation[] {Activation.RELU, Activation.TANH}) {
      ComputationGraphConfiguration together =
          pictures(0.1, g -> vertex.apply(g).addLayer("last", activation(function), "both"));
      ComputationGraphConfiguration apart =
          pictures(
              0.1,
              g ->
                  vertex
                      .apply(g)
                      .addLayer("nothing", activation(Activation.IDENTITY), "both")
                      .addLayer("last", activation(function), "nothing"));
      check(PICTURES, together);
      assertThat(PICTURES.steps(together, 5, 7, false).parameters())
          .isEqualTo(PICTURES.steps(apart, 5, 7, false).parameters());
      ComputationGraphConfiguration wholeStep =
          pictures(1, g -> vertex.apply(g).addLayer("last", activation(function), "both"));
      PICTURES.slopes(farApart(wholeStep), Comparison.compiled(wholeStep), 3, 6);
    }
    check(
        PICTURES,
        pictures(0.1, g -> vertex.apply(g).addLayer("last", activation(Activation.SWISH), "both")));
  }

  /** What is before the activation is read elsewhere, too. */
  @Test
  void anActivationThatIsNotTheOnlyReader() {
    ElementWiseVertex.Op add = ElementWiseVertex.Op.Add;
    check(
        PICTURES,
        pictures(
            0.1,
            g ->
                g.addVertex("sum", new ElementWiseVertex(add), "a", "b")
                    .addLayer("normalised", new BatchNormalization(), "sum")
                    .addLayer("sum-relu", activation(Activation.RELU), "sum")
                    .addLayer("normalised-relu", activation(Activation.RELU), "normalised")
                    .addVertex(
                        "last",
                        new ElementWiseVertex(add),
                        "sum",
                        "normalised",
                        "sum-relu",
                        "normalised-relu")));
  }

  static Stream<Arguments> vertices() {
    return Stream.of(
        arguments(
            "merged",
            (UnaryOperator<GraphBuilder>) g -> g.addVertex("last", new MergeVertex(), "a", "b")),
        arguments(
            "merged with itself",
            (UnaryOperator<GraphBuilder>)
                g ->
                    g.addVertex("twice", new ScaleVertex(2), "b")
                        .addVertex("last", new MergeVertex(), "b", "twice", "b")),
        arguments(
            "scaled",
            (UnaryOperator<GraphBuilder>) g -> g.addVertex("last", new ScaleVertex(-1.5), "b")),
        arguments(
            "added to itself",
            (UnaryOperator<GraphBuilder>)
                g ->
                    g.addVertex(
                        "last", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b", "b")));
  }

  @ParameterizedTest
  @MethodSource("vertices")
  void otherVertices(String name, UnaryOperator<GraphBuilder> vertices) {
    check(ROWS, rows(0.1, vertices));
    check(PICTURES, pictures(0.1, vertices));
    ROWS.slopes(rows(1, vertices), 3, 6);
    PICTURES.slopes(pictures(1, vertices), 3, 6);
  }

  /** Deeplearning4j puts the two behind each other. */
  @Test
  void aLayerThatReadsTwoValues() {
    check(ROWS, rows(0.1, g -> g.addLayer("last", dense(), "b", "in")));
  }

  @Test
  void aVertexWithoutAKernelIsLeftToDeeplearning4jAlone() {
    check(
        ROWS,
        rows(
            0.1,
            g ->
                g.addVertex("some", new SubsetVertex(1, 3), "b")
                    .addVertex("unit", new L2NormalizeVertex(), "a")
                    .addVertex("merged", new MergeVertex(), "some", "unit")
                    .addVertex("last", new ShiftVertex(0.5), "merged")),
        "unit",
        "some",
        "last");
  }

  /** One number an example is added to all. */
  @Test
  void unequalShapesAreLeftToDeeplearning4j() {
    check(
        ROWS,
        rows(
            0.1,
            g ->
                g.addLayer("one", new DenseLayer.Builder().nOut(1).build(), "b")
                    .addVertex(
                        "last", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b", "one")),
        "last");
  }

  @Test
  void aPreProcessorMayBeAVertex() {
    UnaryOperator<GraphBuilder> flat =
        g ->
            g.addVertex(
                    "flat",
                    new PreprocessorVertex(new CnnToFeedForwardPreProcessor(HEIGHT, WIDTH, 4)),
                    "b")
                .addLayer("last", dense(), "flat");
    check(
        PICTURES,
        flat.apply(
                graph(0.1)
                    .addInputs("in")
                    .setInputTypes(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS))
                    .addLayer("a", convolution(4), "in")
                    .addLayer("b", convolution(4), "a"))
            .addLayer("out", output(CLASSES), "last")
            .setOutputs("out")
            .build());
  }

  /** None of them takes a step for an example, so that the others keep their kernels. */
  @Test
  void preProcessorsBehindEachOtherAreLeftToDeeplearning4jAlone() {
    check(
        PICTURES,
        pictures(
            0.1,
            g ->
                g.addLayer(
                    "last",
                    convolution(4),
                    new ComposableInputPreProcessor(
                        new CnnToFeedForwardPreProcessor(HEIGHT, WIDTH, 4),
                        new FeedForwardToCnnPreProcessor(HEIGHT, WIDTH, 4)),
                    "b")),
        "last-preprocessor");
  }

  /** The first output is computed last. */
  private static ComputationGraphConfiguration several(double rate) {
    return graph(rate)
        .addInputs("rows", "pictures")
        .setInputTypes(
            InputType.feedForward(WIDTH), InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
        .addLayer("a", dense(), "rows")
        .addLayer("early", output(4), "a")
        .addLayer("b", convolution(3), "pictures")
        .addLayer("mean", new GlobalPoolingLayer(PoolingType.MAX), "b")
        .addVertex("both", new MergeVertex(), "mean", "a")
        .addLayer("c", dense(), "both")
        .addLayer("late", output(CLASSES), "c")
        .setOutputs("late", "early")
        .build();
  }

  @Test
  void severalInputsAndOutputs() {
    Comparison comparison =
        new Comparison(
            List.of(new int[] {WIDTH}, new int[] {CHANNELS, HEIGHT, WIDTH}), List.of(CLASSES, 4));
    ComputationGraphConfiguration graph = several(0.1);
    for (int seed = 1; seed <= 3; seed++) {
      CompiledNetwork found = comparison.steps(graph, seed, 7, seed == 2);
      assertThat(found.fallbacks()).isEmpty();
      Network expected = Network.of(graph);
      expected.setParameters(found.parameters());
      MultiDataSet batch = comparison.batch(new Random(seed), 5, false);
      Judged judged = found.judge(batch);
      Judged own = expected.judge(batch);
      for (int output = 0; output < 2; output++) {
        assertThat(judged.outputs()[output]).containsExactly(own.outputs()[output], within(1e-5f));
      }
    }
    comparison.slopes(several(1), 3, 6);
  }

  /** Two losses of one value, whose gradients add up. */
  private static ComputationGraphConfiguration losses(double rate) {
    return graph(rate)
        .addInputs("in")
        .setInputTypes(InputType.feedForward(WIDTH))
        .addLayer("a", dense(), "in")
        .addLayer("b", new DenseLayer.Builder().nOut(CLASSES).build(), "a")
        .addLayer(
            "classes",
            new LossLayer.Builder(new LossMCXENT()).activation(Activation.SOFTMAX).build(),
            "b")
        .addLayer(
            "numbers",
            new LossLayer.Builder(new LossMSE()).activation(Activation.IDENTITY).build(),
            "b")
        .setOutputs("classes", "numbers")
        .build();
  }

  @Test
  void aLossMayHaveNoLayerOfItsOwn() {
    Comparison comparison = new Comparison(List.of(new int[] {WIDTH}), List.of(CLASSES, CLASSES));
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(comparison.steps(losses(0.1), seed, 7, false).fallbacks()).isEmpty();
    }
    comparison.predictions(losses(0.1), 27);
    comparison.slopes(losses(1), 3, 6);
  }

  @Test
  void anOutputThatIsReadIsNotCompiled() {
    ComputationGraphConfiguration graph =
        graph(0.1)
            .addInputs("in")
            .setInputTypes(InputType.feedForward(WIDTH))
            .addLayer("first", output(4), "in")
            .addLayer("second", output(CLASSES), "first")
            .setOutputs("second", "first")
            .build();
    assertThat(CompiledNetwork.training(graph, MatrixProducts.ofThisProcess())).isEmpty();
  }
}
