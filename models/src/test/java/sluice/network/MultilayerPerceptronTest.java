package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;

class MultilayerPerceptronTest {
  private static MultilayerPerceptron network(
      @Nullable List<Integer> hidden, @Nullable Double dropout) {
    return new MultilayerPerceptron(
        hidden,
        HiddenActivation.RELU,
        dropout,
        Double.valueOf(0),
        InitialWeights.HE,
        Loss.AUTO,
        new Embeddings(null));
  }

  private static MultilayerPerceptron penalised(
      @Nullable List<Integer> hidden, @Nullable Double l2) {
    return new MultilayerPerceptron(
        hidden,
        HiddenActivation.RELU,
        Double.valueOf(0),
        l2,
        InitialWeights.HE,
        Loss.AUTO,
        new Embeddings(null));
  }

  /** The penalty of the first layer's weights where training gives 0.25 if it is left to it. */
  private static double penalty(MultilayerPerceptron network) {
    TensorSpec group =
        TensorSpec.of("x", Element.FLOAT32, List.of(1), List.of("x"), List.of(), List.of());
    Network built =
        new NetworkDefinition(network, List.of(group), Target.number())
            .withL2(0.25)
            .initial(new UpdaterSpec.Sgd(1), 1);
    return ((BaseLayer) built.layers()[0].conf().getLayer())
        .getRegularization().stream()
            .mapToDouble(one -> ((L2Regularization) one).getL2().valueAt(0, 0))
            .sum();
  }

  @Test
  void thePenaltyIsLeftToTheTrainingWithTheUnitsOfTheDefaultOnly() {
    assertThat(penalised(null, null).leavesL2ToTraining()).isTrue();
    assertThat(penalised(List.of(256, 256), null)).isEqualTo(penalised(List.of(256, 256), 0.0));
    assertThat(penalty(penalised(null, null))).isEqualTo(0.25);
    assertThat(penalty(penalised(null, 0.5))).isEqualTo(0.5);
    assertThat(penalty(penalised(null, 0.0))).isZero();
    assertThat(penalty(penalised(List.of(4), null))).isZero();
  }

  @Test
  void dropoutComesWithTheUnitsOfTheDefaultOnly() {
    assertThat(network(null, null)).isEqualTo(network(List.of(256, 256), 0.2));
    assertThat(network(List.of(64, 32), null)).isEqualTo(network(List.of(64, 32), 0.0));
    assertThat(network(List.of(256, 256), null).dropout()).isZero();
    assertThat(network(null, 0.1)).isEqualTo(network(List.of(256, 256), 0.1));
  }

  @Test
  void aBundleHoldsWhatItCameTo() {
    String json = Json.write(network(null, null));
    // Of embeddings each table has a length of its own, by a rule.
    assertThat(json.replaceAll("\\s", ""))
        .contains("256")
        .contains("0.2")
        .contains("\"embeddings\":{\"dimension\":null}")
        .doesNotContain("l2\":null");
    assertThat(Json.read(json, NetworkSpec.class, "x")).isEqualTo(network(null, null));
  }
}
