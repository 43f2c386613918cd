package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.network.FloatArrays;
import sluice.network.Inference;
import sluice.network.Natives;
import sluice.network.Network;
import sluice.network.Replica.Judged;
import sluice.network.layers.LayerNorm;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;

/** Masks over the steps of series, and how far they are padded. */
class MasksTest {
  private static final int FEATURES = 4;
  private static final int STEPS = 6;

  private static GraphBuilder graph(String... inputs) {
    Natives.load();
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .updater(new Adam(0.01, 0.9, 0.999, 1e-4))
            .graphBuilder()
            .addInputs(inputs);
    InputType[] types = new InputType[inputs.length];
    Arrays.fill(types, InputType.recurrent(FEATURES, STEPS));
    return graph.setInputTypes(types);
  }

  private static ComputationGraphConfiguration ending(GraphBuilder graph, String in) {
    return graph
        .addLayer(
            "out",
            new OutputLayer.Builder(new LossMCXENT())
                .activation(Activation.SOFTMAX)
                .nOut(3)
                .build(),
            in)
        .setOutputs("out")
        .build();
  }

  private static ComputationGraphConfiguration attention() {
    return ending(
        graph("in")
            .addLayer("block", new TransformerBlock.Builder(2, 8).build(), "in")
            .addLayer("second", new TransformerBlock.Builder(2, 8).causal().build(), "block")
            .addLayer("attention", new SelfAttention.Builder(2).nOut(6).build(), "second")
            .addLayer("norm", new LayerNorm.Builder().build(), "attention")
            .addLayer("last", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), "norm"),
        "last");
  }

  /** Every way in which a value is made of several, and a layer and vertices without kernels. */
  private static ComputationGraphConfiguration several() {
    return ending(
        graph("a", "b")
            .addLayer("fromA", new SelfAttention.Builder(1).nOut(FEATURES).build(), "a")
            .addLayer("fromB", new LSTM.Builder().nOut(FEATURES).build(), "b")
            .addVertex("half", new ScaleVertex(0.5), "fromA")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "half", "fromB")
            .addVertex("merged", new MergeVertex(), "sum", "a")
            .addVertex("unit", new L2NormalizeVertex(), "merged")
            .addLayer("act", new ActivationLayer(Activation.TANH), "unit")
            .addLayer("block", new TransformerBlock.Builder(2, 8).build(), "act")
            .addVertex("last", new LastTimeStepVertex("a"), "block"),
        "last");
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Prefixes and holes, but no empty one, which DL4J's last step has no answer to. */
  private static INDArray mask(Random random, int examples) {
    float[] mask = new float[examples * STEPS];
    for (int i = 0; i < examples; i++) {
      int length = 1 + random.nextInt(STEPS);
      for (int step = 0; step < length; step++) {
        mask[i * STEPS + step] = step == 0 || random.nextInt(5) > 0 ? 1 : 0;
      }
    }
    return FloatArrays.create(mask, examples, STEPS);
  }

  private static MultiDataSet batch(Random random, int inputs, int examples, int maskedInputs) {
    INDArray[] features = new INDArray[inputs];
    INDArray[] masks = new INDArray[inputs];
    for (int i = 0; i < inputs; i++) {
      features[i] =
          FloatArrays.create(
              numbers(random, examples * FEATURES * STEPS), examples, FEATURES, STEPS);
      masks[i] = i < maskedInputs ? mask(random, examples) : null;
    }
    float[] labels = new float[examples * 3];
    for (int i = 0; i < examples; i++) {
      labels[3 * i + random.nextInt(3)] = 1;
    }
    INDArray[] targets = {FloatArrays.create(labels, examples, 3)};
    return new MultiDataSet(features, targets, maskedInputs == 0 ? null : masks, null);
  }

  private static void trainTheSame(
      ComputationGraphConfiguration configuration, int inputs, String... fallbacks) {
    Network expected = Network.of(configuration);
    CompiledNetwork found = Comparison.compiled(configuration);
    found.setParameters(expected.parameters());
    Random random = new Random(1);
    for (int step = 0; step < 6; step++) {
      // With masks, without, and with one over the first input alone.
      int masked = step % 3 == 1 ? 0 : step % 3 == 2 ? 1 : inputs;
      MultiDataSet batch = batch(random, inputs, 5 + step, masked);
      Judged known = expected.judge(batch);
      Judged judged = found.judge(batch);
      Comparison.assertClose("output", judged.outputs()[0], known.outputs()[0]);
      Comparison.assertClose("loss", judged.losses()[0], known.losses()[0]);
      expected.setCounters(step, 0);
      found.setCounters(step, 0);
      expected.fit(batch);
      found.fit(batch);
      Comparison.assertClose("parameter", found.parameters(), expected.parameters());
    }
    assertThat(found.fallbacks()).containsExactly(fallbacks);
  }

  @Test
  void attentionTrainsTheSame() {
    trainTheSame(attention(), 1);
  }

  @Test
  void valuesOfSeveralSeriesTrainTheSame() {
    trainTheSame(several(), 2, "unit");
  }

  /** Series of these lengths, padded to a length that is no matter. */
  private static float[][] padded(List<float[]> series, int steps) {
    float[] in = new float[series.size() * FEATURES * steps];
    float[] mask = new float[series.size() * steps];
    for (int i = 0; i < series.size(); i++) {
      int length = series.get(i).length / FEATURES;
      for (int step = 0; step < length; step++) {
        mask[i * steps + step] = 1;
        for (int j = 0; j < FEATURES; j++) {
          in[(i * FEATURES + j) * steps + step] = series.get(i)[step * FEATURES + j];
        }
      }
    }
    return new float[][] {in, mask};
  }

  private static float[] outputs(Inference network, List<float[]> series, int steps) {
    float[][] padded = padded(series, steps);
    return network.outputs(new float[][] {padded[0]}, new float[][] {padded[1]}, series.size())[0];
  }

  private static void dependOnTheirExampleAlone(Inference network) {
    Random random = new Random(8);
    List<float[]> series =
        random.ints(40, 0, 45).mapToObj(n -> numbers(random, n * FEATURES)).toList();
    float[] together = outputs(network, series, 45);
    assertThat(outputs(network, series, 70)).containsExactly(together);
    for (int i = 0; i < series.size(); i++) {
      List<float[]> alone = List.of(series.get(i));
      float[] expected = Arrays.copyOfRange(together, 3 * i, 3 * (i + 1));
      int length = series.get(i).length / FEATURES;
      assertThat(outputs(network, alone, Math.max(1, length))).containsExactly(expected);
      assertThat(outputs(network, alone, length + 3)).containsExactly(expected);
    }
    assertThat(together).doesNotContain(Float.NaN);
  }

  /** An example's prediction is the same bits alone and among longer ones. */
  @Test
  void predictionsDoNotDependOnThePadding() {
    Network network = Network.of(attention());
    dependOnTheirExampleAlone(network.compiled(network.parameters()).orElseThrow());
    Network recurrent =
        Network.of(
            ending(
                graph("in")
                    .addLayer("lstm", new LSTM.Builder().nOut(5).build(), "in")
                    .addLayer(
                        "last", new SeriesPooling.Builder(SeriesPooling.Kind.LAST).build(), "lstm"),
                "last"));
    dependOnTheirExampleAlone(recurrent.compiled(recurrent.parameters()).orElseThrow());
  }

  /** Nor within a plan, where kernels look at no step behind the last. */
  @Test
  void kernelsDoNotDependOnThePadding() {
    CompiledNetwork network = Comparison.compiled(attention());
    network.setParameters(Network.of(attention()).parameters());
    Random random = new Random(5);
    List<float[]> series =
        random.ints(24, 0, 9).mapToObj(n -> numbers(random, n * FEATURES)).toList();
    float[][] found = new float[2][];
    for (int i = 0; i < 2; i++) {
      int steps = i == 0 ? 9 : 31;
      float[][] padded = padded(series, steps);
      found[i] =
          network.judge(
                  new MultiDataSet(
                      new INDArray[] {FloatArrays.create(padded[0], 24, FEATURES, steps)},
                      new INDArray[] {FloatArrays.create(new float[72], 24, 3)},
                      new INDArray[] {FloatArrays.create(padded[1], 24, steps)},
                      null))
              .outputs()[0];
    }
    Comparison.assertClose("output", found[1], found[0]);
  }

  @Test
  void refusesAMaskThatIsOverNoSteps() {
    CompiledNetwork network = Comparison.compiled(attention());
    MultiDataSet batch = batch(new Random(2), 1, 2, 0);
    batch.setFeaturesMaskArrays(
        new INDArray[] {FloatArrays.create(new float[2 * (STEPS + 1)], 2, STEPS + 1)});
    assertThatThrownBy(() -> network.fit(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a mask of input 0 must be over the steps of series, got one of [2, 7] over examples of"
                + " [4, 6]");
  }
}
