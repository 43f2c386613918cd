package sluice.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import sluice.adaptation.AdaptSettings.Rates;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.NamedLayer;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Optimisation;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Embeddings;
import sluice.network.spec.LeNet;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.ResNet;

/** Networks of every shape, all of which but the output layer is frozen. */
final class FrozenNetworksTest {
  private static final Target THREE = Target.classes(3);
  private static final Optimisation ADAMW =
      Optimisation.constant(
          new UpdaterSpec.AdamW(0.01, 0.9, 0.999, 1e-4, 0.1),
          new GradientClipping(GradientClipping.By.NORM, 0.5));

  private static final List<TensorSpec> PICTURE =
      List.of(
          TensorSpec.of(
              "picture", Element.FLOAT32, List.of(1, 16, 16), List.of(), List.of(), List.of()));

  private static final List<TensorSpec> COLUMNS =
      List.of(
          TensorSpec.of(
              "x", Element.FLOAT32, List.of(3), List.of("a", "b", "c"), List.of(), List.of()),
          TensorSpec.of(
              "k", Element.INDEX, List.of(1), List.of("k"), List.of(2), List.of(List.of())));

  private static NetworkSpec mlp() {
    return new MultilayerPerceptron(
        List.of(6, 5),
        HiddenActivation.RELU,
        Double.valueOf(0.3),
        Double.valueOf(0),
        InitialWeights.HE,
        Loss.AUTO,
        new Embeddings(null));
  }

  static Stream<NetworkDefinition> networks() {
    return Stream.of(
        new NetworkDefinition(new ResNet(List.of(4, 6), 1, 0), PICTURE, THREE),
        new NetworkDefinition(
            new LeNet(List.of(3), 7, HiddenActivation.RELU, 0.2, 0, InitialWeights.HE, Loss.AUTO),
            PICTURE,
            THREE),
        new NetworkDefinition(mlp(), COLUMNS, THREE),
        new NetworkDefinition(mlp(), COLUMNS.subList(0, 1), THREE));
  }

  private static MultiDataSet batch(NetworkDefinition definition, Random random) {
    int examples = 7;
    List<INDArray> inputs = new ArrayList<>();
    for (NetworkInput input : definition.batcher().inputs()) {
      float[] numbers = new float[examples * input.width()];
      for (int i = 0; i < numbers.length; i++) {
        // Of columns of indices there is one.
        numbers[i] = input.width() == 1 ? random.nextInt(2) : (float) random.nextGaussian();
      }
      inputs.add(FloatArrays.create(numbers, examples, input.width()));
    }
    float[] labels = new float[examples * 3];
    for (int i = 0; i < examples; i++) {
      labels[3 * i + random.nextInt(3)] = 1;
    }
    return new MultiDataSet(
        inputs.toArray(INDArray[]::new),
        new INDArray[] {FloatArrays.create(labels, examples, 3)},
        null,
        null);
  }

  /**
   * Parameters, running statistics and all, stay to the bit; the two engines come to the same. What
   * Deeplearning4j's own steps cannot do is known.
   */
  @ParameterizedTest
  @MethodSource("networks")
  void whatIsFrozenStays(NetworkDefinition definition) {
    Network random = definition.initial(ADAMW, 9);
    float[] parameters = random.parameters();
    Map<String, float[]> taken = new LinkedHashMap<>();
    for (NamedLayer layer : random.namedLayers()) {
      if (!layer.isOutput()) {
        int from = layer.parameters() == 0 ? 0 : layer.from();
        taken.put(layer.name(), Arrays.copyOfRange(parameters, from, from + layer.parameters()));
      }
    }
    FineTuning tuning =
        new FineTuning(
            new Transfer(taken, Map.of(), false),
            definition,
            new AdaptSettings(
                "there", List.of(), List.copyOf(taken.keySet()), Rates.same(), null, null));
    AdaptedNetwork adapted = tuning.begin(definition.initial(ADAMW, 3), ADAMW);
    Network network = adapted.network(0);
    assertThat(adapted.phases()).isEqualTo(1);
    float[] compiled = trained(network, network.replicas().get(), definition, taken);
    Replica byDl4j = network.replicas().uncompiled().get();
    if (network.frozenAboveVertex().isPresent()) {
      assertThatThrownBy(() -> trained(network, byDl4j, definition, taken))
          .hasMessage("Cannot do backward pass: errors not set");
    } else {
      assertThat(compiled)
          .containsExactly(trained(network, byDl4j, definition, taken), within(1e-5f));
    }
  }

  private static float[] trained(
      Network network, Replica replica, NetworkDefinition definition, Map<String, float[]> taken) {
    replica.setParameters(network.parameters());
    replica.setUpdaterState(network.updaterState());
    Random random = new Random(4);
    for (int step = 0; step < 4; step++) {
      replica.setCounters(step, 0);
      Nd4j.getRandom().setSeed(step + 1);
      assertThat(replica.fit(batch(definition, random))).isFinite();
    }
    float[] after = replica.parameters();
    for (NamedLayer layer : network.namedLayers()) {
      if (layer.parameters() > 0) {
        float[] now = Arrays.copyOfRange(after, layer.from(), layer.from() + layer.parameters());
        if (taken.containsKey(layer.name())) {
          assertThat(now).as(layer.name()).containsExactly(taken.get(layer.name()));
        } else {
          assertThat(now)
              .isNotEqualTo(
                  Arrays.copyOfRange(
                      network.parameters(), layer.from(), layer.from() + layer.parameters()));
        }
      }
    }
    return after;
  }
}
