package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.features.TensorSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.Weighting;

/** Networks that predict sets of names. */
class SetsTest {
  private static final int NAMES = 4;
  private static final int ROWS = 9;
  private static final TensorSpec NUMBERS = TensorSpec.numbers("numbers", List.of("a", "b", "c"));
  private static final Target SETS = Target.names(NAMES).named("sets");

  private static NetworkDefinition network(Loss loss, Weighting weighting, List<Target> targets) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of(
                EncoderNetwork.COLUMNS,
                new MlpEncoder(
                    List.of(5),
                    HiddenActivation.RELU,
                    0,
                    InitialWeights.HE,
                    new Embeddings(null),
                    null)),
            new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE),
            Map.of(),
            loss,
            weighting,
            null),
        List.of(NUMBERS),
        targets);
  }

  /** Row 0 has no name, row 1 all; of several labels row 2 lacks the sets and row 3 the number. */
  private static float[] fill(NetworkDefinition definition, Examples examples) {
    Random random = new Random(4);
    ExampleLayout layout = definition.batcher().layout();
    int targets = definition.targets().size();
    float[] labels = new float[ROWS * targets];
    for (int i = 0; i < ROWS; i++) {
      int row = i;
      int[] names =
          IntStream.range(0, NAMES)
              .filter(name -> row == 1 || (row > 0 && random.nextInt(3) == 0))
              .toArray();
      boolean missing = targets > 1 && i == 2;
      Example example = new Example(layout);
      example.put(0, numbers(i));
      example.put(1, missing ? new int[0] : names);
      examples.add(example);
      labels[i * targets] = missing ? Float.NaN : names.length;
      if (targets > 1) {
        labels[i * targets + 1] = i == 3 ? Float.NaN : random.nextFloat();
      }
    }
    return labels;
  }

  private static float[] numbers(int row) {
    Random random = new Random(row);
    return new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat()};
  }

  private static void assertEnginesAgree(NetworkDefinition definition) {
    Batcher batcher = definition.batcher();
    Examples examples = new Examples(batcher.layout());
    float[] labels = fill(definition, examples);
    Network initial = definition.initial(new UpdaterSpec.Sgd(0.1), 3);
    Replica compiled = initial.replica();
    Replica reference = initial.replicas().uncompiled().get();
    for (Replica replica : List.of(compiled, reference)) {
      replica.setParameters(initial.parameters());
      replica.setUpdaterState(new float[replica.updaterState().length]);
      replica.setCounters(0, 0);
    }
    for (int from = 0; from < ROWS; from++) {
      Batch batch = batcher.batch(4);
      batcher.fill(batch, examples, labels, from, Math.min(from + 4, ROWS));
      MultiDataSet arrays = batch.arrays();
      assertThat(compiled.fit(arrays)).isCloseTo(reference.fit(arrays), within(2e-5));
    }
    assertThat(compiled.parameters()).containsExactly(reference.parameters(), within(1e-5f));
    assertThat(compiled.parameters()).isNotEqualTo(initial.parameters());

    Batcher plain = batcher.unweighted();
    Batch batch = plain.batch(ROWS);
    plain.fill(batch, examples, labels, 0, ROWS);
    Replica.Judged one = compiled.judge(batch.arrays());
    Replica.Judged other = reference.judge(batch.arrays());
    for (int t = 0; t < definition.targets().size(); t++) {
      assertThat(one.losses()[t]).containsExactly(other.losses()[t], within(2e-5f));
      assertThat(one.outputs()[t]).containsExactly(other.outputs()[t], within(1e-5f));
    }
  }

  @Test
  void bothEnginesLearnTheSameByEveryLoss() {
    for (Loss loss : List.of(Loss.AUTO, new Loss.CrossEntropy(0.1), Loss.MEAN_SQUARED_ERROR)) {
      assertEnginesAgree(network(loss, Weighting.FIXED, List.of(SETS)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FIXED", "UNCERTAINTY"})
  void aNumberMayStandBesideSets(String weighting) {
    assertEnginesAgree(
        network(
            Loss.AUTO, Weighting.valueOf(weighting), List.of(SETS, Target.number().named("y"))));
  }

  /** Of each name it is the cross-entropy of there or not, and of an example the sum. */
  @Test
  void theLossIsTheSumOverTheNames() {
    NetworkDefinition definition = network(Loss.AUTO, Weighting.FIXED, List.of(SETS));
    Batcher batcher = definition.batcher();
    Examples examples = new Examples(batcher.layout());
    float[] labels = fill(definition, examples);
    Network initial = definition.initial(new UpdaterSpec.Sgd(0.1), 3);
    Examples plain = new Examples(definition.layout());
    for (int i = 0; i < ROWS; i++) {
      Example example = new Example(definition.layout());
      example.put(0, numbers(i));
      plain.add(example);
    }
    float[][] said = definition.predictor(initial.parameters()).predict(plain)[0];
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      int[] names = batcher.indices(examples, i, 0);
      assertThat(said[i]).hasSize(NAMES);
      for (int name = 0; name < NAMES; name++) {
        int wanted = name;
        boolean there = IntStream.of(names).anyMatch(each -> each == wanted);
        sum -= Math.log(there ? said[i][name] : 1 - said[i][name]);
      }
    }
    Replica replica = initial.replica();
    replica.setParameters(initial.parameters());
    Batch batch = batcher.batch(ROWS);
    batcher.fill(batch, examples, labels, 0, ROWS);

    assertThat(replica.fit(batch.arrays())).isCloseTo(sum / ROWS, within(1e-5));
  }
}
