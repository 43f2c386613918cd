package sluice.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.network.spec.Concatenation;
import sluice.network.spec.Embeddings;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.Loss;
import sluice.network.spec.MlpEncoder;
import sluice.network.spec.MultilayerPerceptron;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.PeriodicNumbers;
import sluice.network.spec.ResNetEncoder;
import sluice.network.spec.TransformerEncoder;
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

/** AdamW, and which parameters its decay reaches. */
class WeightDecayTest {
  private static final UpdaterSpec.AdamW ADAMW = new UpdaterSpec.AdamW(0.1, 0.9, 0.99, 1e-6, 0.3);

  private static final Concatenation CONCATENATION =
      new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE);

  private static MlpEncoder columns(List<Integer> hidden) {
    return new MlpEncoder(
        hidden,
        HiddenActivation.RELU,
        0,
        InitialWeights.HE,
        new Embeddings(2),
        hidden.isEmpty() ? null : new PeriodicNumbers(2, 3, 0.1));
  }

  private static FeatureGroup numbers(String name, int width) {
    return new FeatureGroup(
        name,
        Encoding.FLOAT,
        List.of(width),
        List.of("a", "b").subList(0, width),
        List.of(),
        List.of());
  }

  /** One weight and one bias: y = w x + b, of which the gradients are known. */
  @Test
  void stepsAreThoseOfTheAlgorithm() {
    LearningRateSchedule schedule = new LearningRateSchedule.Cosine(0);
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(), HiddenActivation.RELU, 0, 0, InitialWeights.HE, Loss.AUTO),
            List.of(numbers("x", 1)),
            Target.number());
    Optimisation optimisation = new Optimisation(ADAMW, GradientClipping.none(), schedule, 5);
    Network layers = definition.initial(optimisation, 3);
    Network graph =
        new NetworkDefinition(
                new EncoderNetwork(
                    Map.of("columns", columns(List.of())), CONCATENATION, Map.of(), Loss.AUTO, 0.0),
                List.of(numbers("x", 1)),
                Target.number())
            .initial(optimisation, 3);
    for (Replica way :
        List.of(
            layers,
            layers.weighted(),
            layers.replica(),
            graph,
            graph.weighted(),
            graph.replica())) {
      way.setParameters(new float[] {2, 1});
      double[] p = {2, 1};
      double[] m = new double[2];
      double[] v = new double[2];
      for (int t = 1; t <= 5; t++) {
        double rate = 0.1 * schedule.factor(t - 1, 5);
        double[] g = {0, 0};
        for (double[] example : new double[][] {{1, 0}, {-2, 3}}) {
          double slope = 2 * (p[0] * example[0] + p[1] - example[1]) / 2;
          g[0] += slope * example[0];
          g[1] += slope;
        }
        for (int i = 0; i < 2; i++) {
          m[i] = 0.9 * m[i] + 0.1 * g[i];
          v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
          double mean = m[i] / (1 - Math.pow(0.9, t));
          double square = v[i] / (1 - Math.pow(0.99, t));
          double decay = i == 0 ? rate * 0.3 * p[i] : 0;
          p[i] -= rate * mean / (Math.sqrt(square) + 1e-6) + decay;
        }
        way.setCounters(t - 1, 0);
        double loss =
            way.fit(
                new MultiDataSet(
                    FloatArrays.create(new float[] {1, -2}, 2, 1),
                    FloatArrays.create(new float[] {0, 3}, 2, 1)));
        assertThat(loss).isPositive();
        assertThat(way.parameters())
            .containsExactly(new float[] {(float) p[0], (float) p[1]}, within(2e-5f));
      }
    }
  }

  /** What has it is listed; biases, gains, tables and tokens have not. */
  @Test
  void onlyWeightsDecay() {
    FeatureGroup picture =
        new FeatureGroup("p", Encoding.FLOAT, List.of(1, 8, 8), List.of(), List.of(), List.of());
    FeatureGroup category =
        new FeatureGroup(
            "k", Encoding.INDEX, List.of(1), List.of("k"), List.of(6), List.of(List.of()));
    Map<String, Encoder> encoders =
        Map.of(
            "p",
            new ResNetEncoder(List.of(3), 1),
            "t",
            new TransformerEncoder(4, 2, 1, 5, 0, 0),
            "columns",
            columns(List.of(3)));
    Network network =
        new NetworkDefinition(
                new EncoderNetwork(encoders, CONCATENATION, Map.of(), Loss.AUTO, 0.0),
                List.of(picture, numbers("t", 2), numbers("x", 2), category),
                Target.number())
            .initial(ADAMW, 1);
    Set<String> decaying = new TreeSet<>();
    for (Layer layer : network.layers()) {
      BaseLayer settings = layer.conf().getLayer() instanceof BaseLayer base ? base : null;
      for (String name : layer.paramTable(false).keySet()) {
        if (settings != null
            && settings.getRegularizationByParam(name) != null
            && settings.getRegularizationByParam(name).stream()
                .anyMatch(penalty -> penalty instanceof WeightDecay)) {
          decaying.add(settings.getClass().getSimpleName() + " " + name);
        }
      }
    }
    assertThat(decaying)
        .containsExactly(
            "ConvolutionLayer W",
            "DenseLayer W",
            "NumberEmbedding W0",
            "NumberEmbedding W1",
            "OutputLayer W",
            "TransformerBlock W1",
            "TransformerBlock W2",
            "TransformerBlock Wo",
            "TransformerBlock Wqkv");
  }

  @Test
  void isNoneBesideL2() {
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(2), HiddenActivation.RELU, 0, 0.1, InitialWeights.HE, Loss.AUTO),
            List.of(numbers("x", 1)),
            Target.number());
    assertThatThrownBy(() -> definition.initial(ADAMW, 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "model.l2 must be 0 with train.updater adamw, whose weight decay takes its place");
    assertThatThrownBy(() -> new UpdaterSpec.AdamW(null, 0.9, 0.99, 1e-8, 0))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("weight-decay must be above 0, got 0.0");
    assertThat(Json.read(Json.write(ADAMW), UpdaterSpec.class, "x")).isEqualTo(ADAMW);
  }
}
