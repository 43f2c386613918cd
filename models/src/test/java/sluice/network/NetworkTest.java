package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sluice.data.InvalidInput;

class NetworkTest {
  private static final float[] INPUTS = {1, 2, -1, 0.5f, 0, 1};
  private static final float[] LABELS = {1, -1, 2};

  private static NeuralNetConfiguration.Builder training() {
    // The rate is 0.1 in the first epoch, 0.01 from the third on.
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(
            new Adam(new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 0.1).add(2, 0.01).build()));
  }

  private static DenseLayer hidden() {
    return new DenseLayer.Builder().nIn(2).nOut(3).activation(Activation.TANH).build();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(new LossMSE())
        .nIn(3)
        .nOut(1)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static Network layers() {
    MultiLayerConfiguration configuration =
        training().list().layer(hidden()).layer(output()).build();
    return Network.of(configuration);
  }

  private static Network graph() {
    ComputationGraphConfiguration configuration =
        training()
            .graphBuilder()
            .addInputs("in")
            .addLayer("hidden", hidden(), "in")
            .addLayer("out", output(), "hidden")
            .setOutputs("out")
            .build();
    return Network.of(configuration);
  }

  static Stream<Network> kinds() {
    return Stream.of(layers(), graph());
  }

  private static MultiDataSet batch() {
    return new MultiDataSet(FloatArrays.create(INPUTS, 3, 2), FloatArrays.create(LABELS, 3, 1));
  }

  private static MultiDataSet weighted(float... weights) {
    return new MultiDataSet(
        new INDArray[] {FloatArrays.create(INPUTS, 3, 2)},
        new INDArray[] {FloatArrays.create(LABELS, 3, 1)},
        null,
        new INDArray[] {FloatArrays.create(weights, 3, 1)});
  }

  @Test
  void bothKindsComputeTheSame() {
    Network layers = layers();
    Network graph = graph();
    assertThat(graph.parameters()).containsExactly(layers.parameters());
    for (int step = 0; step < 4; step++) {
      layers.setCounters(step, step);
      graph.setCounters(step, step);
      assertThat(graph.fit(batch())).isEqualTo(layers.fit(batch()));
    }
    assertThat(graph.parameters()).containsExactly(layers.parameters());
    assertThat(graph.updaterState()).containsExactly(layers.updaterState());
    INDArray features = FloatArrays.create(INPUTS, 3, 2);
    assertThat(FloatArrays.copy(graph.outputs(features)[0]))
        .containsExactly(FloatArrays.copy(layers.outputs(features)[0]));
    Replica.Judged judged = graph.judge(batch());
    assertThat(judged.losses()[0]).containsExactly(layers.judge(batch()).losses()[0]).hasSize(3);
    assertThat(judged.outputs()[0]).containsExactly(FloatArrays.copy(graph.outputs(features)[0]));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void parametersAndUpdaterStateTravelAsArrays(Network network) {
    float[] initial = network.parameters();
    assertThat(initial).hasSize(2 * 3 + 3 + 3 + 1);
    network.fit(batch());
    float[] after = network.parameters();
    float[] state = network.updaterState();
    assertThat(state).hasSize(2 * initial.length);
    assertThat(after).isNotEqualTo(initial);
    network.fit(batch());
    float[] twice = network.parameters();

    network.setParameters(after);
    network.setUpdaterState(state);
    network.setCounters(1, 0);
    network.fit(batch());

    assertThat(network.parameters()).containsExactly(twice);
    assertThatThrownBy(() -> network.setParameters(new float[5]))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the network has 13 parameters, got 5");
  }

  /** The first step of Adam goes as far as the rate, whatever the gradient. */
  @ParameterizedTest
  @MethodSource("kinds")
  void countersDecideTheRateOfTheVeryNextStep(Network network) {
    network.setCounters(0, 2);
    float[] before = network.parameters();
    network.fit(batch());
    assertThat(network.iteration()).isEqualTo(1);
    assertThat(network.epoch()).isEqualTo(2);
    float[] after = network.parameters();
    for (int i = 0; i < before.length; i++) {
      assertThat(Math.abs(after[i] - before[i])).isCloseTo(0.01f, within(1e-5f));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aMaskOverTheLabelsWeighsExamples(Network network) {
    float[] initial = network.parameters();
    double one = network.fit(weighted(1, 1, 1));
    float[] plain = network.parameters();
    network.setParameters(initial);
    double weighted = network.fit(weighted(1, 1, 3));
    assertThat(weighted).isGreaterThan(one);
    assertThat(Arrays.equals(plain, network.parameters())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void spansHoldEveryParameterOnceWithItsRate(Network network) {
    assertThat(network.spans(0, 0)).extracting(Network.Span::rate).containsOnly(0.1);
    assertThat(network.spans(99, 2)).extracting(Network.Span::rate).containsOnly(0.01);
    int next = 0;
    for (Network.Span span : network.spans(0, 0)) {
      assertThat(span.from()).isEqualTo(next);
      next = span.to();
    }
    assertThat(next).isEqualTo(13);
  }

  @Test
  void runningMeansAndVariancesAreNotMovedByGradients() {
    Network network =
        Network.of(
            training()
                .list()
                .layer(hidden())
                .layer(new BatchNormalization.Builder().nIn(3).nOut(3).build())
                .layer(output())
                .build());
    // Of the batch normalisation: gamma and beta, then mean and variance.
    assertThat(network.spans(0, 0))
        .filteredOn(span -> span.rate() == 0)
        .extracting(Network.Span::from)
        .containsExactly(9 + 6, 9 + 9);
  }
}
