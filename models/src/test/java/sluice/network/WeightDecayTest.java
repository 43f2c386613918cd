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
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
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
import sluice.network.spec.SequenceTransformerEncoder;
import sluice.network.spec.SequenceTransformerEncoder.Positions;
import sluice.network.spec.TransformerEncoder;

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

  private static TensorSpec numbers(String name, int width) {
    return TensorSpec.of(
        name,
        Element.FLOAT32,
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

  /** With something of every kind of parameter. */
  private static Network ofEverything(double l2, UpdaterSpec updater) {
    TensorSpec picture =
        TensorSpec.of("p", Element.FLOAT32, List.of(1, 8, 8), List.of(), List.of(), List.of());
    TensorSpec category =
        TensorSpec.of("k", Element.INDEX, List.of(1), List.of("k"), List.of(6), List.of(List.of()));
    TensorSpec words =
        TensorSpec.of("w", Element.INDEX, List.of(-1), List.of(), List.of(9), List.of(List.of()));
    TensorSpec frames =
        TensorSpec.of(
            "f", Element.FLOAT32, List.of(-1, 2), List.of("a", "b"), List.of(), List.of());
    SequenceTransformerEncoder series =
        new SequenceTransformerEncoder(
            4,
            2,
            1,
            5,
            Positions.LEARNT,
            TransformerBlock.Norm.PRE,
            SeriesPooling.Kind.ATTENTION,
            7,
            0,
            0);
    Map<String, Encoder> encoders =
        Map.of(
            "p",
            new ResNetEncoder(List.of(3), 1),
            "t",
            new TransformerEncoder(4, 2, 1, 5, 0, 0),
            "w",
            series,
            "f",
            series,
            "columns",
            columns(List.of(3)));
    return new NetworkDefinition(
            new EncoderNetwork(encoders, CONCATENATION, Map.of(), Loss.AUTO, l2),
            List.of(picture, numbers("t", 2), words, frames, numbers("x", 2), category),
            Target.number())
        .initial(updater, 1);
  }

  private static Set<String> penalised(Network network, Class<? extends Regularization> kind) {
    Set<String> penalised = new TreeSet<>();
    for (Layer layer : network.layers()) {
      if (layer.conf().getLayer() instanceof BaseLayer settings) {
        for (String name : layer.paramTable(false).keySet()) {
          List<Regularization> penalties = settings.getRegularizationByParam(name);
          if (penalties != null && penalties.stream().anyMatch(kind::isInstance)) {
            penalised.add(
                "%s %s %s"
                    .formatted(settings.getLayerName(), settings.getClass().getSimpleName(), name));
          }
        }
      }
    }
    return penalised;
  }

  /** What has it is listed; biases, gains, tables, positions and tokens have not. */
  @Test
  void onlyWeightsDecay() {
    Set<String> decaying = penalised(ofEverything(0, ADAMW), WeightDecay.class);
    assertThat(decaying.stream().map(each -> each.substring(each.indexOf(' ') + 1)).distinct())
        .containsExactlyInAnyOrder(
            "ConvolutionLayer W",
            "DenseLayer W",
            "NumberEmbedding W0",
            "NumberEmbedding W1",
            "OutputLayer W",
            "SeriesPooling q",
            "SeriesTokens W",
            "TransformerBlock W1",
            "TransformerBlock W2",
            "TransformerBlock Wo",
            "TransformerBlock Wqkv");
    assertThat(decaying)
        .filteredOn(each -> each.endsWith("SeriesTokens W"))
        .singleElement()
        .asString()
        .startsWith("encoder/f/");
    assertThat(penalised(ofEverything(0.1, new UpdaterSpec.Sgd(0.1)), L2Regularization.class))
        .isEqualTo(decaying);
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
