package sluice.network.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.UncertaintyOutputLayer;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.NetworkSpec;
import sluice.network.spec.Weighting;

/** Losses that are weighted by what the network learns of their uncertainty. */
class UncertaintyTest {
  private static final Encoder COLUMNS =
      Json.read(
          """
          {"type": "mlp", "hidden": [], "activation": "RELU", "dropout": 0.0, "weightInit": "HE",
           "embeddings": {"dimension": null}}
          """,
          Encoder.class,
          "encoder");

  private static NetworkDefinition definition(Target... targets) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("columns", COLUMNS),
            new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE),
            Map.of(),
            Loss.AUTO,
            Weighting.UNCERTAINTY,
            0.0),
        List.of(TensorSpec.of("x", Element.FLOAT32, List.of(1), List.of(), List.of(), List.of())),
        List.of(targets));
  }

  private static INDArray column(float... numbers) {
    return FloatArrays.create(numbers, numbers.length, 1);
  }

  /**
   * A number y = w x + b: the weights u of the examples, errors e and s make the gradients u e x
   * exp(-s), u e exp(-s) and u (1 - e^2 exp(-s)) / 2. Of a class with the probability p they have
   * twice the first two, e = p - label, and the loss - log p.
   */
  @Test
  void gradientsAreThoseOfTheFormula() {
    Network own =
        definition(Target.number().named("y"), Target.binary(1).named("c"))
            .initial(new UpdaterSpec.Sgd(1), GradientClipping.none(), 1);
    float[] start = {0.5f, -1, 0.7f, 0.25f, 0.5f, -0.3f};
    double[] x = {2, -1, 0.5};
    double[] y = {1, 0.5, -2};
    double[] c = {1, 0, 1};
    double[] u = {1, 0, 2.5};
    double[] gradients = new double[6];
    double loss = 0;
    for (int i = 0; i < 3; i++) {
      double error = 0.5f * x[i] - 1 - y[i];
      double scale = Math.exp(-0.7f);
      gradients[0] += u[i] * error * x[i] * scale / 3;
      gradients[1] += u[i] * error * scale / 3;
      gradients[2] += u[i] * (1 - error * error * scale) / 2 / 3;
      double p = 1 / (1 + Math.exp(-(0.25 * x[i] + 0.5)));
      double ofClass = Math.exp(0.3f);
      double entropy = -Math.log(c[i] == 1 ? p : 1 - p);
      gradients[3] += u[i] * (p - c[i]) * x[i] * ofClass / 3;
      gradients[4] += u[i] * (p - c[i]) * ofClass / 3;
      gradients[5] += u[i] * (0.5 - ofClass * entropy) / 3;
      loss += u[i] * (scale * error * error / 2 + 0.35 + ofClass * entropy - 0.15) / 3;
    }
    MultiDataSet batch =
        new MultiDataSet(
            new INDArray[] {column(2, -1, 0.5f)},
            new INDArray[] {column(1, 0.5f, -2), column(1, 0, 1)},
            null,
            new INDArray[] {column(1, 0, 2.5f), column(1, 0, 2.5f)});
    for (Replica way : List.of(own, own.weighted(), own.replica())) {
      way.setParameters(start);
      way.setCounters(0, 0);
      assertThat(way.fit(batch)).as("%s", way.getClass()).isCloseTo(loss, within(1e-6));
      float[] after = way.parameters();
      for (int i = 0; i < 6; i++) {
        assertThat(start[i] - after[i])
            .as("parameter %d of %s", i, way.getClass())
            .isCloseTo((float) gradients[i], within(1e-6f));
      }
    }
    assertThat(own.replica()).isInstanceOf(CompiledNetwork.class);
  }

  private static OutputLayer output(OutputLayer.Builder layer, double factor) {
    return new UncertaintyOutputLayer(layer.nOut(3), factor);
  }

  private static ComputationGraphConfiguration graph(double dropout) {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .activation(Activation.TANH)
        .l2(0.01)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("in")
        .setInputTypes(InputType.feedForward(4))
        .addLayer("hidden", new DenseLayer.Builder().nOut(5).build(), "in")
        .addLayer(
            "class",
            output(
                new OutputLayer.Builder(new LossMCXENT())
                    .activation(Activation.SOFTMAX)
                    .dropOut(dropout),
                UncertaintyOutputLayer.OF_CLASSES),
            "hidden")
        .addLayer(
            "number",
            output(
                new OutputLayer.Builder(new LossMSE())
                    .activation(Activation.IDENTITY)
                    .hasBias(false),
                UncertaintyOutputLayer.OF_NUMBERS),
            "hidden")
        .setOutputs("class", "number")
        .build();
  }

  @Test
  void stepsComeToTheSame() {
    Comparison comparison = new Comparison(List.of(new int[] {4}), List.of(3, 3));
    for (int seed = 1; seed <= 3; seed++) {
      CompiledNetwork found = comparison.steps(graph(0), seed, 7, seed == 2);
      assertThat(found.fallbacks()).isEmpty();
      comparison.steps(graph(0.7), seed, 1, true);
      Network expected = Network.of(graph(0));
      expected.setParameters(found.parameters());
      MultiDataSet batch = comparison.batch(new Random(seed), 5, false);
      for (int output = 0; output < 2; output++) {
        assertThat(found.judge(batch).losses()[output])
            .containsExactly(expected.judge(batch).losses()[output], within(1e-5f));
      }
    }
    assertThat(ComputationGraphConfiguration.fromJson(graph(0.7).toJson())).isEqualTo(graph(0.7));
  }

  /** Its variance comes to that of the noise. */
  @Test
  void aNoisyTargetCountsForLess() {
    NetworkDefinition definition =
        definition(Target.number().named("clear"), Target.number().named("noisy"));
    Network own = definition.initial(new UpdaterSpec.Adam(0.03, 0.9, 0.999, 1e-8), 1);
    Replica network = own.replica();
    network.setParameters(own.parameters());
    Random random = new Random(1);
    for (int step = 0; step < 400; step++) {
      float[] x = new float[64];
      float[] clear = new float[64];
      float[] noisy = new float[64];
      for (int i = 0; i < 64; i++) {
        x[i] = (float) random.nextGaussian();
        clear[i] = x[i] + 0.1f * (float) random.nextGaussian();
        noisy[i] = x[i] + 2 * (float) random.nextGaussian();
      }
      network.setCounters(step, 0);
      network.fit(
          new MultiDataSet(
              new INDArray[] {column(x)}, new INDArray[] {column(clear), column(noisy)}));
    }
    own.setParameters(network.parameters());
    ComputationGraph graph = (ComputationGraph) own.model();
    assertThat(logVariance(graph, "noisy")).isCloseTo(Math.log(4), within(0.2));
    assertThat(logVariance(graph, "clear")).isCloseTo(Math.log(0.01), within(0.5));
  }

  private static double logVariance(ComputationGraph graph, String target) {
    return graph
        .getLayer("decoder/" + target + "/output")
        .getParam(UncertaintyOutputLayer.LOG_VARIANCE)
        .getDouble(0);
  }

  @Test
  void whatItIsForIsRequired() {
    NetworkSpec spec = definition(Target.number()).spec();
    assertThat(spec.problems(List.of("x"), List.of("y")))
        .containsExactly("model.weighting uncertainty needs several labels, there is y");
    assertThat(spec.problems(List.of("x"), List.of("y", "z"))).isEmpty();
    assertThat(Json.read(Json.write(spec), NetworkSpec.class, "x")).isEqualTo(spec);
    CompiledNetwork network = Comparison.compiled(graph(0));
    MultiDataSet batch =
        new Comparison(List.of(new int[] {4}), List.of(3, 3)).batch(new Random(1), 5, false);
    batch.setLabelsMaskArray(
        new INDArray[] {FloatArrays.create(new float[15], 5, 3), column(1, 1, 1, 1, 1)});
    assertThatThrownBy(() -> network.fit(batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a mask over the labels must have a weight for each of 5 examples, got 15");
  }
}
