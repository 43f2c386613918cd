package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.FloatArrays;
import sluice.network.Inference;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.layers.ColumnTokens;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;

/** What holds some rows of its tables computes what holds all of them. */
class SparseReplicaTest {
  private static final int ROWS = 131_072;
  private static final int WIDTH = 8;

  private static ComputationGraphConfiguration graph(IUpdater updater) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(updater)
        .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
        .gradientNormalizationThreshold(0.05)
        .graphBuilder()
        .addInputs("columns")
        .setInputTypes(InputType.feedForward(3))
        .addLayer(
            "tokens",
            new ColumnTokens.Builder(WIDTH)
                .number("number")
                .category("few", 3)
                .category("many", ROWS)
                .build(),
            "columns")
        .addLayer("attention", new SelfAttention.Builder(2).nOut(WIDTH).build(), "tokens")
        .addLayer(
            "example", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), "attention")
        .addLayer(
            "out",
            new OutputLayer.Builder(new LossMSE()).nOut(1).activation(Activation.IDENTITY).build(),
            "example")
        .setOutputs("out")
        .build();
  }

  private static MultiDataSet batch(int examples, IntUnaryOperator row) {
    Random random = new Random(examples);
    float[] in = new float[3 * examples];
    float[] labels = new float[examples];
    for (int i = 0; i < examples; i++) {
      in[3 * i] = (float) random.nextGaussian();
      in[3 * i + 1] = random.nextInt(3);
      in[3 * i + 2] = row.applyAsInt(i);
      labels[i] = (float) random.nextGaussian();
    }
    return new MultiDataSet(
        FloatArrays.create(in, examples, 3), FloatArrays.create(labels, examples, 1));
  }

  static IUpdater[] updaters() {
    return new IUpdater[] {new Adam(0.01), new Nesterovs(0.01, 0.9), new Sgd(0.1)};
  }

  @ParameterizedTest
  @MethodSource("updaters")
  void computesWhatHoldsAllRowsToTheBit(IUpdater updater) {
    ComputationGraphConfiguration configuration = graph(updater);
    Network initial = Network.of(configuration);
    Products products = MatrixProducts.ofThisProcess();
    CompiledNetwork whole = CompiledNetwork.training(configuration, products).orElseThrow();
    SparseReplica sparse = SparseReplica.of(configuration, products).orElseThrow();
    assertThat(sparse.tables().tables()).hasSize(1);
    assertThat(sparse.tables().parameters()).isEqualTo(initial.parameters().length);
    for (Replica replica : new Replica[] {whole, sparse}) {
      replica.setParameters(initial.parameters());
      replica.setUpdaterState(initial.updaterState());
      replica.setUpdaterStart(10);
      // More rows than there are slots, without steps that would have to be kept.
      replica.judge(batch(900, i -> i));
      replica.judge(batch(901, i -> 5000 + i));
    }
    // In another order than that of the rows; then again, with more than there are slots.
    MultiDataSet[] batches = {
      batch(60, i -> ROWS - 1 - 7 * i), batch(50, i -> 3 * i), batch(3000, i -> ROWS - 1 - i)
    };
    for (int i = 0; i < batches.length; i++) {
      whole.setCounters(10 + i, 0);
      sparse.setCounters(10 + i, 0);
      assertThat(sparse.fit(batches[i])).isEqualTo(whole.fit(batches[i]));
    }
    assertThat(sparse.parameters()).isEqualTo(whole.parameters());
    assertThat(sparse.updaterState()).isEqualTo(whole.updaterState());
    MultiDataSet others = batch(40, i -> 100 * i);
    assertThat(sparse.judge(others)).usingRecursiveComparison().isEqualTo(whole.judge(others));
    float[] state = whole.updaterState();
    for (int i = 0; i < state.length; i++) {
      state[i] = i % 13 * 1e-3f;
    }
    sparse.setUpdaterState(state);
    assertThat(sparse.updaterState()).isEqualTo(state);
    sparse.setParameters(initial.parameters());
    assertThat(sparse.parameters()).isEqualTo(initial.parameters());
  }

  /** Also where an updater would need all rows, and with more rows than there are slots. */
  @Test
  void predictsWhatHoldsAllRowsToTheBit() {
    ComputationGraphConfiguration configuration = graph(new RmsProp(0.01));
    float[] parameters = Network.of(configuration).parameters();
    assertThat(Network.of(configuration).compiled(parameters))
        .get()
        .isInstanceOf(SparseReplica.class);
    Inference sparse = Network.of(configuration).inference(parameters);
    Inference whole =
        CompiledNetwork.predicting(
                configuration, MatrixProducts.ofThisProcess(), SharedParameters.of(parameters))
            .orElseThrow();
    for (int examples : new int[] {1, 240, 1500, 7}) {
      float[][] inputs = new float[1][3 * examples];
      for (int i = 0; i < examples; i++) {
        inputs[0][3 * i] = i;
        inputs[0][3 * i + 1] = i % 3;
        inputs[0][3 * i + 2] = ROWS - 1 - 50 * i;
      }
      assertThat(sparse.outputs(inputs, examples)).isDeepEqualTo(whole.outputs(inputs, examples));
    }
    assertThatThrownBy(() -> Network.of(configuration).inference(new float[2]))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the network has %d parameters, got 2".formatted(parameters.length));
  }

  @Test
  void anUpdaterThatMovesRowsThatAreNotReadNeedsAllOfThem() {
    assertThat(SparseReplica.of(graph(new RmsProp(0.01)), MatrixProducts.ofThisProcess()))
        .isEmpty();
  }

  @Test
  void anIndexOutsideOfTheTableIsRefusedByAllItsRows() {
    Network initial = Network.of(graph(new Sgd(0.1)));
    Replica sparse = initial.replica();
    sparse.setParameters(initial.parameters());
    assertThatThrownBy(() -> sparse.fit(batch(2, i -> ROWS)))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "layer tokens: column many: the index of a category must be a whole number from 0 to"
                + " 131071, got 131072.0");
    assertThatThrownBy(() -> sparse.setParameters(new float[3]))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("the network has %d parameters, got 3".formatted(initial.parameters().length));
  }
}
