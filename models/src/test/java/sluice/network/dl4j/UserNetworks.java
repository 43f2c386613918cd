package sluice.network.dl4j;

import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

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
        .updater(new Adam(0.01))
        .list()
        .layer(new DenseLayer.Builder().nIn(columns).nOut(4).activation(Activation.TANH).build())
        .layer(output(1, loss, last).nIn(4).build())
        .build();
  }

  /** A residual graph over pictures of [1, 8, 8], to two classes. */
  public static ComputationGraphConfiguration picture() {
    return new NeuralNetConfiguration.Builder()
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

  private static OutputLayer.Builder output(int outputs, ILossFunction loss, Activation last) {
    return new OutputLayer.Builder(loss).nOut(outputs).activation(last);
  }

  /** What is read of a file with this text. */
  public static Dl4jConfiguration read(String json) {
    return Dl4jConfiguration.parse(json.getBytes(StandardCharsets.UTF_8), "net.json");
  }
}
