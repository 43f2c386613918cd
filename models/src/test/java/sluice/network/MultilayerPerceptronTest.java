package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sluice.data.Json;
import sluice.network.MultilayerPerceptron.HiddenActivation;
import sluice.network.MultilayerPerceptron.InitialWeights;

class MultilayerPerceptronTest {
  private static MultilayerPerceptron network(
      @Nullable List<Integer> hidden, @Nullable Double dropout) {
    return new MultilayerPerceptron(
        hidden, HiddenActivation.RELU, dropout, 0, InitialWeights.HE, Loss.AUTO);
  }

  @Test
  void dropoutComesWithTheUnitsOfTheDefaultOnly() {
    assertThat(network(null, null)).isEqualTo(network(List.of(256, 128), 0.3));
    assertThat(network(List.of(64, 32), null)).isEqualTo(network(List.of(64, 32), 0.0));
    assertThat(network(List.of(256, 128), null).dropout()).isZero();
    assertThat(network(null, 0.1)).isEqualTo(network(List.of(256, 128), 0.1));
  }

  @Test
  void aBundleHoldsWhatItCameTo() {
    String json = Json.write(network(null, null));
    assertThat(json).contains("256").contains("0.3").doesNotContain("null");
    assertThat(Json.read(json, NetworkSpec.class, "x")).isEqualTo(network(null, null));
  }
}
