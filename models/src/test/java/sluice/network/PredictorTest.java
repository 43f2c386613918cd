package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.data.Task;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

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
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(hidden, hidden),
                activation,
                0,
                0,
                MultilayerPerceptron.InitialWeights.XAVIER,
                Loss.AUTO),
            List.of(
                new FeatureGroup(
                    "x",
                    Encoding.FLOAT,
                    List.of(width),
                    IntStream.range(0, width).mapToObj(i -> "x" + i).toList(),
                    List.of(),
                    List.of())),
            new Target(task, outputs, 0));
    assertThatEachExampleStandsAlone(definition, width);
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
            spec,
            List.of(
                new FeatureGroup(
                    "image",
                    Encoding.FLOAT,
                    List.of(channels, height, width),
                    List.of(),
                    List.of(),
                    List.of())),
            Target.classes(classes)),
        channels * height * width);
  }

  private static void assertThatEachExampleStandsAlone(NetworkDefinition definition, int width) {
    float[] parameters = definition.initial(new UpdaterSpec.Sgd(1), 3).parameters();
    Predictor predictor = definition.predictor(parameters);
    Random random = new Random(width);
    int examples = 101;
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
