package sluice.network.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.FloatArrays;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.compiled.CompiledNetwork;
import sluice.network.compiled.MatrixProducts;

/** The layers in graphs, with penalties and updaters by the kind of each parameter. */
class LayerGraphsTest {
  private static ComputationGraphConfiguration graph() {
    Natives.load();
    return new NeuralNetConfiguration.Builder()
        .seed(7)
        .updater(new Adam(0.01, 0.9, 0.999, 1e-4))
        .biasUpdater(new Sgd(0.1))
        .weightDecay(0.1)
        .l2Bias(0.01)
        .graphBuilder()
        .addInputs("row")
        .addLayer("tokens", new ColumnTokens.Builder(6).number("a").category("c", 5).build(), "row")
        .addLayer("block", new TransformerBlock.Builder(2, 5).build(), "tokens")
        .addLayer("norm", new LayerNorm.Builder().build(), "block")
        .addLayer("last", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), "norm")
        .addLayer(
            "out",
            new OutputLayer.Builder(new LossMSE()).activation(Activation.IDENTITY).nOut(2).build(),
            "last")
        .setOutputs("out")
        .setInputTypes(InputType.feedForward(2))
        .build();
  }

  private static MultiDataSet batch(Random random, int examples) {
    float[] rows = LayerChecks.numbers(random, 2 * examples);
    for (int i = 1; i < rows.length; i += 2) {
      rows[i] = random.nextInt(5);
    }
    return new MultiDataSet(
        FloatArrays.create(rows, examples, 2),
        FloatArrays.create(LayerChecks.numbers(random, 2 * examples), examples, 2));
  }

  @Test
  void penaltiesAndUpdatersGoByTheKindOfParameter() {
    Network expected = Network.of(graph());
    CompiledNetwork found =
        CompiledNetwork.training(graph(), MatrixProducts.ofThisProcess()).orElseThrow();
    float[] start = expected.parameters();
    found.setParameters(start);
    found.setUpdaterState(expected.updaterState());
    Random random = new Random(5);
    for (int step = 0; step < 4; step++) {
      MultiDataSet batch = batch(random, 5 + step);
      expected.setCounters(step, 0);
      found.setCounters(step, 0);
      expected.fit(batch);
      found.fit(batch);
      LayerChecks.assertClose("parameter", found.parameters(), expected.parameters());
    }
    LayerChecks.assertClose("state", found.updaterState(), expected.updaterState());
    TransformerBlock block = new TransformerBlock.Builder(2, 5).nIn(4).build();
    block.setIUpdater(new Adam());
    block.setBiasUpdater(new Sgd());
    assertThat(block.getUpdaterByParam(TransformerBlock.HIDDEN)).isEqualTo(new Adam());
    assertThat(block.getUpdaterByParam(TransformerBlock.HIDDEN_GAIN)).isEqualTo(new Adam());
    assertThat(block.getUpdaterByParam(TransformerBlock.HIDDEN_BIAS)).isEqualTo(new Sgd());
    assertThat(block.getRegularizationByParam(TransformerBlock.HIDDEN_GAIN)).isNull();
  }

  @Test
  void graphsAreReadAsTheyWereWritten() throws IOException {
    ComputationGraph graph = new ComputationGraph(graph());
    graph.init();
    Random random = new Random(5);
    graph.fit(batch(random, 6));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, bytes, true);
    ComputationGraph read =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(bytes.toByteArray()), true);
    assertThat(read.getConfiguration()).isEqualTo(graph.getConfiguration());
    assertThat(FloatArrays.copy(read.params())).isEqualTo(FloatArrays.copy(graph.params()));
    assertThat(FloatArrays.copy(read.getUpdater().getStateViewArray()))
        .isEqualTo(FloatArrays.copy(graph.getUpdater().getStateViewArray()));
    MultiDataSet next = batch(random, 4);
    assertThat(FloatArrays.copy(read.outputSingle(next.getFeatures(0))))
        .isEqualTo(FloatArrays.copy(graph.outputSingle(next.getFeatures(0))));
  }

  /** The parameters of a graph, of a layer, and of a name are the same numbers. */
  @Test
  void parametersAreViewsOfTheGraphs() {
    ComputationGraph graph = new ComputationGraph(graph());
    graph.init();
    float[] numbers = LayerChecks.numbers(new Random(9), (int) graph.numParams());
    graph.setParams(FloatArrays.create(numbers, 1, numbers.length));
    assertThat(FloatArrays.copy(graph.params())).isEqualTo(numbers);
    INDArray table = graph.getLayer("tokens").getParam(ColumnTokens.table(0));
    assertThat(FloatArrays.copy(table.getRow(1))[2]).isEqualTo(numbers[6 + 6 + 2]);
    table.assign(3);
    assertThat(FloatArrays.copy(graph.params())[6 + 6 + 2]).isEqualTo(3);
    ComputationGraph same = graph.clone();
    assertThat(FloatArrays.copy(same.params())).isEqualTo(FloatArrays.copy(graph.params()));
  }
}
