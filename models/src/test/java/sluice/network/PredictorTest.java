package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.Task;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.dl4j.UserNetworks;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;

class PredictorTest {

  /** One example alone, among others and at any place among them has the same bits. */
  @ParameterizedTest
  @CsvSource({
    "2, 2, BINARY, 1, SIGMOID", "51, 64, BINARY, 1, RELU", "17, 33, MULTICLASS, 7, TANH",
    "784, 256, MULTICLASS, 10, RELU", "300, 100, REGRESSION, 1, GELU", "1, 1, REGRESSION, 1, ELU",
    "129, 65, MULTICLASS, 3, SELU"
  })
  void anExamplesOutputsDependOnItAlone(
      int width,
      int hidden,
      Task task,
      int outputs,
      MultilayerPerceptron.HiddenActivation activation) {
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(
            perceptron(hidden, activation), columns(width), new Target(task, outputs, 0)),
        width);
  }

  @ParameterizedTest
  @EnumSource
  void withEachActivation(MultilayerPerceptron.HiddenActivation activation) {
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(
            perceptron(256, activation), columns(784), new Target(Task.REGRESSION, 1, 0)),
        784);
  }

  private static MultilayerPerceptron perceptron(
      int hidden, MultilayerPerceptron.HiddenActivation activation) {
    return new MultilayerPerceptron(
        List.of(hidden, hidden),
        activation,
        0,
        0,
        MultilayerPerceptron.InitialWeights.XAVIER,
        Loss.AUTO);
  }

  private static List<TensorSpec> columns(int width) {
    return List.of(
        TensorSpec.of(
            "x",
            Element.FLOAT32,
            List.of(width),
            IntStream.range(0, width).mapToObj(i -> "x" + i).toList(),
            List.of(),
            List.of()));
  }

  /** By Deeplearning4j's own layers, whose products are of another library. */
  @Test
  void whatHasNoKernelDependsOnItsExampleAloneToo() {
    MultiLayerConfiguration layers =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new DenseLayer.Builder().nOut(256).activation(Activation.HARDSIGMOID).build())
            .layer(new PReLULayer.Builder().inputShape(256).build())
            .layer(new DenseLayer.Builder().nOut(100).activation(Activation.SOFTSIGN).build())
            .layer(new DenseLayer.Builder().nOut(65).activation(Activation.TANH).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(7)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.feedForward(784))
            .build();
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(read(layers.toJson()), columns(784), Target.classes(7)), 784);
  }

  @Test
  void picturesOfLayersWithoutAKernelDependOnThemselvesAlone() {
    MultiLayerConfiguration layers =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(
                new ConvolutionLayer.Builder(3, 3).nOut(8).activation(Activation.HARDTANH).build())
            .layer(new LocalResponseNormalization.Builder().build())
            .layer(
                new SeparableConvolution2D.Builder(3, 3)
                    .nOut(12)
                    .activation(Activation.RELU)
                    .build())
            .layer(new Deconvolution2D.Builder(3, 3).nOut(10).activation(Activation.RELU).build())
            .layer(new DenseLayer.Builder().nOut(65).activation(Activation.SOFTPLUS).build())
            .layer(
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(4)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(17, 19, 3))
            .build();
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(
            read(layers.toJson()), List.of(picture(3, 17, 19)), Target.classes(4)),
        3 * 17 * 19);
  }

  @Test
  void graphsWithVerticesThatHaveNoKernelDependOnTheirExampleAlone() {
    ComputationGraphConfiguration graph =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .graphBuilder()
            .addInputs("x")
            .setInputTypes(InputType.feedForward(300))
            .addLayer(
                "a",
                new DenseLayer.Builder().nOut(100).activation(Activation.HARDTANH).build(),
                "x")
            .addLayer(
                "b", new DenseLayer.Builder().nOut(100).activation(Activation.RELU).build(), "x")
            .addVertex("normed", new L2NormalizeVertex(), "a")
            .addVertex("distance", new L2Vertex(), "normed", "b")
            .addVertex("part", new SubsetVertex(3, 90), "normed")
            .addLayer(
                "y",
                new OutputLayer.Builder(new LossMSE())
                    .nOut(1)
                    .activation(Activation.IDENTITY)
                    .build(),
                "part",
                "distance")
            .setOutputs("y")
            .build();
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(
            read(graph.toJson()), columns(300), new Target(Task.REGRESSION, 1, 0)),
        300);
  }

  private static Dl4jNetwork read(String json) {
    return new Dl4jNetwork(UserNetworks.read(json));
  }

  static Stream<Arguments> pictures() {
    return Stream.of(
        Arguments.of(lenet(List.of(20, 50), 500), 1, 28, 28, 10),
        Arguments.of(lenet(List.of(3, 5), 7), 3, 17, 19, 3),
        Arguments.of(new ResNet(List.of(16, 32, 64), 1, 0), 1, 28, 28, 10),
        Arguments.of(new ResNet(List.of(5, 7), 2, 0), 3, 9, 11, 4));
  }

  private static LeNet lenet(List<Integer> filters, int dense) {
    return new LeNet(
        filters,
        dense,
        MultilayerPerceptron.HiddenActivation.RELU,
        0,
        0,
        MultilayerPerceptron.InitialWeights.HE);
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void aPicturesOutputsDependOnItAlone(
      NetworkSpec spec, int channels, int height, int width, int classes) {
    assertThatEachExampleStandsAlone(
        new NetworkDefinition(
            spec, List.of(picture(channels, height, width)), Target.classes(classes)),
        channels * height * width);
  }

  private static TensorSpec picture(int channels, int height, int width) {
    return TensorSpec.of(
        "image",
        Element.FLOAT32,
        List.of(channels, height, width),
        List.of(),
        List.of(),
        List.of());
  }

  private static void assertThatEachExampleStandsAlone(NetworkDefinition definition, int width) {
    float[] parameters = definition.initial(new UpdaterSpec.Sgd(1), 3).parameters();
    Predictor predictor = definition.predictor(parameters);
    Random random = new Random(width);
    int examples = 53;
    float[] numbers = new float[examples * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }

    float[][] together = predictor.predict(numbers, new int[0], examples)[0];

    for (int i = 0; i < examples; i++) {
      float[] one = Arrays.copyOfRange(numbers, i * width, (i + 1) * width);
      assertThat(predictor.predict(one, new int[0], 1)[0][0]).containsExactly(together[i]);
    }
    for (int shift = 1; shift < 8; shift++) {
      float[][] shifted =
          predictor
              .predict(
                  Arrays.copyOfRange(numbers, shift * width, numbers.length),
                  new int[0],
                  examples - shift)[0];
      for (int i = shift; i < examples; i++) {
        assertThat(shifted[i - shift]).containsExactly(together[i]);
      }
    }
  }
}
