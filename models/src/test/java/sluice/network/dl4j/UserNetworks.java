package sluice.network.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;
import sluice.data.InvalidInput;
import sluice.network.UpdaterSpec;
import sluice.network.layers.Gru;
import sluice.network.spec.NetworkDefinition;

/** Configurations as users make them with Deeplearning4j's builders, and their files. */
public final class UserNetworks {
  private UserNetworks() {}

  /** Layers over so many columns, to so many classes, with something of every kind. */
  public static MultiLayerConfiguration layers(int columns, int classes) {
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Adam(new StepSchedule(ScheduleType.EPOCH, 0.01, 0.5, 10)))
        .l2(1e-4)
        .l1(1e-5)
        .list()
        .layer(
            new DenseLayer.Builder()
                .nIn(columns)
                .nOut(8)
                .activation(Activation.RELU)
                .weightInit(new NormalDistribution(0, 0.1))
                .dropOut(0.8)
                .constrainWeights(new MaxNormConstraint(2.0, 1))
                .weightNoise(new DropConnect(0.9))
                .build())
        .layer(new BatchNormalization.Builder().nOut(8).build())
        .layer(output(classes, new LossMCXENT(), Activation.SOFTMAX).nIn(8).build())
        .build();
  }

  /** Layers as simple as can be, to one output. */
  public static MultiLayerConfiguration plain(int columns, ILossFunction loss, Activation last) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .updater(new Adam(0.01))
        .list()
        .layer(new DenseLayer.Builder().nIn(columns).nOut(4).activation(Activation.TANH).build())
        .layer(output(1, loss, last).nIn(4).build())
        .build();
  }

  /** A residual graph over pictures of [1, 8, 8], to two classes. */
  public static ComputationGraphConfiguration picture() {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .updater(new Nesterovs(0.1, 0.9))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.convolutional(8, 8, 1))
        .addLayer("c1", convolution(Activation.LEAKYRELU.getActivationFunction()), "in")
        .addLayer("c2", convolution(Activation.IDENTITY.getActivationFunction()), "c1")
        .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "c1", "c2")
        .addLayer("p", new SubsamplingLayer.Builder(2, 2).stride(2, 2).build(), "add")
        .addLayer("gp", new GlobalPoolingLayer.Builder().build(), "p")
        .addLayer("d", new DropoutLayer.Builder(new GaussianDropout(0.2)).build(), "gp")
        .addLayer("out", output(1, new LossBinaryXENT(), Activation.SIGMOID).build(), "d")
        .setOutputs("out")
        .build();
  }

  private static ConvolutionLayer convolution(IActivation activation) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(4)
        .activation(activation)
        .convolutionMode(ConvolutionMode.Same)
        .build();
  }

  /** Two inputs, one into a frozen layer. */
  public static ComputationGraphConfiguration wrapped(int columns, String left, String right) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .graphBuilder()
        .addInputs(left, right)
        .setInputTypes(InputType.feedForward(columns), InputType.feedForward(columns))
        .addLayer("a", new FrozenLayer(new DenseLayer.Builder().nOut(3).build()), left)
        .addLayer("b", new DenseLayer.Builder().nOut(3).build(), right)
        .addLayer("c", new DenseLayer.Builder().nOut(3).build(), "b")
        .addLayer("out", output(1, new LossBinaryXENT(), Activation.SIGMOID).build(), "a", "c")
        .setOutputs("out")
        .build();
  }

  /**
   * Over two columns a number and the probability of a class.
   *
   * @param number the name of the number's layer
   * @param probability the name of the probability's
   * @param outputs these names in the order of the file
   */
  public static ComputationGraphConfiguration twoOutputs(
      String number, String probability, String... outputs) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.feedForward(2))
        .addLayer("d", new DenseLayer.Builder().nOut(3).build(), "in")
        .addLayer(number, output(1, new LossMSE(), Activation.IDENTITY).build(), "d")
        .addLayer(probability, output(1, new LossBinaryXENT(), Activation.SIGMOID).build(), "d")
        .setOutputs(outputs)
        .build();
  }

  /** Layers one behind the other, and an output layer of so many classes. */
  public static MultiLayerConfiguration inOrder(int classes, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01)).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    return list.layer(output(classes, new LossMCXENT(), Activation.SOFTMAX).build()).build();
  }

  /**
   * A graph over the series frames of numbers and words of indices, and columns; 1 output is of two
   * classes.
   */
  public static ComputationGraphConfiguration seriesAndColumns(int outputs) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .graphBuilder()
        .addInputs("frames", "columns", "words")
        .addLayer("states", new Bidirectional(lstm()), "frames")
        .addLayer("more", new Gru.Builder().nOut(8).build(), "states")
        .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Add), "states", "more")
        .addLayer("frame", new GlobalPoolingLayer(PoolingType.AVG), "both")
        .addLayer("vectors", new EmbeddingSequenceLayer.Builder().nOut(4).build(), "words")
        .addLayer("narrow", convolution(1), "vectors")
        .addLayer("wide", convolution(3), "vectors")
        .addVertex("widths", new MergeVertex(), "narrow", "wide")
        .addLayer("word", new GlobalPoolingLayer(PoolingType.MAX), "widths")
        .addLayer(
            "column",
            new DenseLayer.Builder().nOut(4).activation(Activation.RELU).build(),
            "columns")
        .addVertex("all", new MergeVertex(), "frame", "column", "word")
        .addLayer("out", last(outputs).build(), "all")
        .setOutputs("out")
        .build();
  }

  private static OutputLayer.Builder last(int outputs) {
    return outputs == 1
        ? output(1, new LossBinaryXENT(), Activation.SIGMOID)
        : output(outputs, new LossMCXENT(), Activation.SOFTMAX);
  }

  private static LSTM lstm() {
    return new LSTM.Builder().nOut(4).activation(Activation.TANH).build();
  }

  private static Convolution1DLayer convolution(int width) {
    return new Convolution1DLayer.Builder(width)
        .nOut(4)
        .convolutionMode(ConvolutionMode.Same)
        .activation(Activation.RELU)
        .build();
  }

  /** A vertex that reads the series frames and vectors of the series words. */
  public static ComputationGraphConfiguration joined(int classes, GraphVertex vertex) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .graphBuilder()
        .addInputs("frames", "words")
        .addLayer("vectors", new EmbeddingSequenceLayer.Builder().nOut(2).build(), "words")
        .addVertex("joined", vertex, "frames", "vectors")
        .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "joined")
        .addLayer("out", output(classes, new LossMCXENT(), Activation.SOFTMAX).build(), "pooled")
        .setOutputs("out")
        .build();
  }

  /** A vertex that reads the states of the series frames. */
  public static ComputationGraphConfiguration behind(int classes, GraphVertex vertex) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .graphBuilder()
        .addInputs("frames")
        .addLayer("states", lstm(), "frames")
        .addVertex("behind", vertex, "states")
        .addLayer("out", output(classes, new LossMCXENT(), Activation.SOFTMAX).build(), "behind")
        .setOutputs("out")
        .build();
  }

  private static OutputLayer.Builder output(int outputs, ILossFunction loss, Activation last) {
    return new OutputLayer.Builder(loss).nOut(outputs).activation(last);
  }

  /** Asserts that a user's network is refused by exactly these problems. */
  static void assertMisfit(NetworkDefinition definition, String... problems) {
    assertThatThrownBy(() -> definition.initial(new UpdaterSpec.Sgd(0.5), 1))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        Arrays.stream(problems)
                            .map(problem -> "model.configuration: " + problem)
                            .toArray(String[]::new)));
  }

  /** What is read of a file with this text. */
  public static Dl4jConfiguration read(String json) {
    return Dl4jConfiguration.parse(json.getBytes(StandardCharsets.UTF_8), "net.json");
  }
}
