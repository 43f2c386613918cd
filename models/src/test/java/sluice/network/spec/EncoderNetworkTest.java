package sluice.network.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.Batcher;
import sluice.network.Examples;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Predictor;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.layers.CategoryEmbedding;
import sluice.network.layers.SeriesPooling;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.WeightedBag;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

final class EncoderNetworkTest {
  private static final TensorSpec NUMBERS =
      TensorSpec.of(
          "numbers", Element.FLOAT32, List.of(3), List.of("a", "b", "c"), List.of(), List.of());
  private static final TensorSpec ONE_HOT =
      TensorSpec.of(
          "kind", Element.ONE_HOT, List.of(1), List.of("kind"), List.of(4), List.of(List.of()));
  private static final TensorSpec CATEGORIES =
      TensorSpec.of(
          "places",
          Element.INDEX,
          List.of(2),
          List.of("from", "to"),
          List.of(5, 300),
          List.of(List.of(), List.of()));
  private static final TensorSpec PICTURE =
      TensorSpec.of("picture", Element.FLOAT32, List.of(1, 8, 9), List.of(), List.of(), List.of());
  private static final List<TensorSpec> ALL = List.of(NUMBERS, PICTURE, CATEGORIES, ONE_HOT);

  private static final MlpEncoder MLP =
      new MlpEncoder(
          List.of(7, 6), HiddenActivation.RELU, 0.2, InitialWeights.HE, new Embeddings(3), null);

  private static NetworkDefinition definition(Target target) {
    return new NetworkDefinition(
        new EncoderNetwork(
            Map.of("columns", MLP, "picture", new ResNetEncoder(List.of(4, 8), 1)),
            new Concatenation(List.of(5), HiddenActivation.TANH, 0.1, InitialWeights.XAVIER),
            Map.of(),
            Loss.AUTO,
            0.01),
        ALL,
        target);
  }

  @Test
  void eachPartHasItsInputsAndItsEncoder() {
    NetworkDefinition definition = definition(Target.classes(3));
    assertThat(definition.batcher().inputs())
        .extracting(NetworkInput::name, NetworkInput::width)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("encoder/columns/numbers", 3 + 4),
            org.assertj.core.groups.Tuple.tuple("encoder/columns/categories", 2),
            org.assertj.core.groups.Tuple.tuple("encoder/picture/picture", 8 * 9));
    ComputationGraph graph =
        (ComputationGraph) definition.initial(new UpdaterSpec.Sgd(1), 1).model();
    // Two tables of vectors of 3; numbers, one-hot categories and vectors; what is combined.
    assertThat(graph.getLayer("encoder/columns/embedding").numParams()).isEqualTo(3 * (5 + 300));
    assertThat(graph.getLayer("encoder/columns/dense1").numParams())
        .isEqualTo((3 + 4 + 2 * 3 + 1) * 7);
    assertThat(graph.getLayer("combiner/dense1").numParams()).isEqualTo((6 + 8 + 1) * 5);
    assertThat(graph.getLayer("decoder/label/output").numParams()).isEqualTo((5 + 1) * 3);
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  /** Values of a group must reach the input that is theirs, in whatever order the groups are. */
  @Test
  void valuesStandWhereTheirGroupBelongs() {
    NetworkDefinition definition = definition(Target.number());
    float[] numbers = new float[2 * 75];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    int[] indices = {1, 2, 3, 4, 299, 0};
    float[][] arrays =
        definition
            .batcher()
            .inputs(Examples.of(definition.layout(), numbers, indices, 2), 1)
            .inputs();
    assertThat(arrays[0]).containsExactly(75, 76, 77, 1, 0, 0, 0);
    assertThat(arrays[1]).containsExactly(4, 299);
    assertThat(arrays[2]).startsWith(78, 79).endsWith(148, 149).hasSize(72);
  }

  @Test
  void anExamplesOutputsDependOnItAlone() {
    NetworkDefinition definition = definition(Target.classes(3));
    assertThatEachStandsAlone(definition, 75, new int[] {5, 300, 4});
  }

  /** No array of 240 examples is made where each has a million numbers. */
  @Test
  void ofWideExamplesFewerAreMadeArraysOfAtOnce() {
    TensorSpec wide =
        TensorSpec.of(
            "w", Element.ONE_HOT, List.of(1), List.of("w"), List.of(1_000_000), List.of());
    MultilayerPerceptron spec =
        new MultilayerPerceptron(
            List.of(), HiddenActivation.RELU, 0, 0, InitialWeights.HE, Loss.AUTO);
    NetworkDefinition ofWide = new NetworkDefinition(spec, List.of(wide), Target.number());
    Examples many = Examples.of(ofWide.layout(), new float[0], new int[240], 240);
    assertThat(ofWide.batcher().atOnce(many, 0, 240)).isEqualTo(67);
    assertThat(ofWide.batcher().atOnce(many, 200, 240)).isEqualTo(40);
    Batcher narrow = definition(Target.number()).batcher();
    Examples others = Examples.of(narrow.layout(), new float[240 * 75], new int[240 * 3], 240);
    assertThat(narrow.atOnce(others, 0, 240)).isEqualTo(240);
  }

  /** An index of a category is a name: what comes of it must not go by its size. */
  @Test
  void aPerceptronLooksIndicesUp() {
    NetworkSpec spec =
        new MultilayerPerceptron(
            List.of(4), HiddenActivation.RELU, 0, 0, InitialWeights.HE, Loss.AUTO);
    NetworkDefinition definition =
        new NetworkDefinition(spec, List.of(NUMBERS, CATEGORIES), Target.number());
    Network network = definition.initial(new UpdaterSpec.Sgd(1), 1);
    ComputationGraph graph = (ComputationGraph) network.model();
    // min(32, ceil(2 n^(1/4))) of 5 and of 300 categories.
    assertThat(graph.getLayer("encoder/columns/embedding").numParams()).isEqualTo(5 * 3 + 300 * 9);
    assertThat(network.parameters()).hasSize(5 * 3 + 300 * 9 + (3 + 3 + 9 + 1) * 4 + 4 + 1);
  }

  /** The penalty of the network is for its other weights. */
  @Test
  void embeddingsHaveNoPenalty() {
    NetworkDefinition definition =
        new NetworkDefinition(
            new MultilayerPerceptron(
                List.of(4), HiddenActivation.RELU, 0, 0.5, InitialWeights.HE, Loss.AUTO),
            List.of(NUMBERS, CATEGORIES),
            Target.number());
    Network network = definition.initial(new UpdaterSpec.Sgd(1), 1);
    for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
      double squares = layer.params().norm2Number().doubleValue();
      boolean embedding = layer.conf().getLayer() instanceof CategoryEmbedding;
      assertThat(layer.calcRegularizationScore(true))
          .isCloseTo(embedding ? 0 : 0.25 * squares * squares, within(1e-4));
    }
  }

  /** Bundles from before there were embeddings hold networks that take an index for a number. */
  @Test
  void aPerceptronOfAnOlderBundleTakesIndicesForNumbers() {
    NetworkSpec old =
        Json.read(
            """
            {"type": "mlp", "hidden": [4], "activation": "RELU", "dropout": 0.0, "l2": 0.0,
             "weightInit": "HE", "loss": "AUTO"}
            """,
            NetworkSpec.class,
            "network.json");
    NetworkDefinition definition =
        new NetworkDefinition(old, List.of(NUMBERS, CATEGORIES), Target.number());
    assertThat(definition.initial(new UpdaterSpec.Sgd(1), 1).parameters())
        .hasSize((3 + 2 + 1) * 4 + 4 + 1);
  }

  /** Numbers before categories, and these as indices, also those that other encoders expand. */
  @Test
  void aTransformerSeesEveryColumnAsAToken() {
    NetworkDefinition definition =
        alone(new TransformerEncoder(8, 2, 2, 12, 0.2, 0.1), List.of(CATEGORIES, NUMBERS, ONE_HOT));
    Examples one =
        Examples.of(definition.layout(), new float[] {.1f, .2f, .3f}, new int[] {4, 299, 3}, 1);
    float[][] arrays = definition.batcher().inputs(one, 0).inputs();
    assertThat(arrays).isDeepEqualTo(new float[][] {{.1f, .2f, .3f, 4, 299, 3}});
    ComputationGraph graph =
        (ComputationGraph) definition.initial(new UpdaterSpec.Sgd(1), 1).model();
    // A vector and a bias a number, a table and a bias a category, and the token of the example.
    assertThat(graph.getLayer("encoder/columns/tokens").numParams())
        .isEqualTo(8 * (2 * 3 + (5 + 300 + 4) + 3 + 1));
    assertThatEachStandsAlone(definition, 3, new int[] {5, 300, 4});
  }

  @Test
  void numbersMayBecomePeriodicVectors() {
    MlpEncoder encoder =
        new MlpEncoder(
            List.of(7),
            HiddenActivation.RELU,
            0,
            InitialWeights.HE,
            new Embeddings(3),
            new PeriodicNumbers(4, 5, 0.1));
    NetworkDefinition definition = alone(encoder, List.of(NUMBERS, ONE_HOT, CATEGORIES));
    assertThat(definition.batcher().inputs())
        .extracting(NetworkInput::name)
        .containsExactly(
            "encoder/columns/periodic", "encoder/columns/numbers", "encoder/columns/categories");
    ComputationGraph graph =
        (ComputationGraph) definition.initial(new UpdaterSpec.Sgd(1), 1).model();
    assertThat(graph.getLayer("encoder/columns/dense1").numParams())
        .isEqualTo((3 * 4 + 4 + 2 * 3 + 1) * 7);
    assertThatEachStandsAlone(definition, 3, new int[] {4, 5, 300});
  }

  private static NetworkDefinition alone(Encoder encoder, List<TensorSpec> groups) {
    return new NetworkDefinition(
        EncoderNetwork.of("columns", encoder, Loss.AUTO, 0.0), groups, Target.classes(3));
  }

  /**
   * Each example's outputs have the same bits alone and among others.
   *
   * @param cardinalities of the indices, in their order
   */
  private static void assertThatEachStandsAlone(
      NetworkDefinition definition, int numbersEach, int[] cardinalities) {
    Predictor predictor =
        definition.predictor(definition.initial(new UpdaterSpec.Sgd(1), 3).parameters());
    Random random = new Random(5);
    int examples = 29;
    int each = cardinalities.length;
    float[] numbers = new float[examples * numbersEach];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    int[] indices = new int[examples * each];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(cardinalities[i % each]);
    }
    float[][] together = predictor.predict(numbers, indices, examples)[0];
    assertThat(together[0]).isNotEqualTo(together[1]);
    for (int i = 0; i < examples; i++) {
      float[][] alone =
          predictor
              .predict(
                  Arrays.copyOfRange(numbers, i * numbersEach, (i + 1) * numbersEach),
                  Arrays.copyOfRange(indices, i * each, (i + 1) * each),
                  1)[0];
      assertThat(alone[0]).containsExactly(together[i]);
    }
  }

  @Test
  void autoGoesByTheFeatures() {
    assertThat(auto(NUMBERS, ONE_HOT, CATEGORIES))
        .isEqualTo(
            new MultilayerPerceptron(
                null,
                HiddenActivation.RELU,
                null,
                null,
                InitialWeights.HE,
                Loss.AUTO,
                new Embeddings(null)));
    assertThat(auto(PICTURE)).isEqualTo(new ResNet(List.of(16, 32, 64), 2, 0));
    assertThat(auto(NUMBERS, PICTURE))
        .isEqualTo(
            new EncoderNetwork(
                Map.of("picture", new ResNetEncoder(List.of(16, 32, 64), 2)),
                new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE),
                Map.of(),
                Loss.AUTO,
                null));
  }

  /** So that n-grams that few rows have add no noise to start with. */
  @Test
  void theBagOfNGramsBeginsNearZero() {
    TensorSpec nGrams =
        TensorSpec.of(
            "text",
            Element.WEIGHTED_INDEX,
            List.of(-1),
            List.of(),
            List.of(900),
            List.of(List.of()));
    NetworkDefinition definition =
        new NetworkDefinition(new AutoNetwork(), List.of(nGrams), Target.classes(3));
    ComputationGraph graph =
        (ComputationGraph) definition.initial(new UpdaterSpec.Sgd(1), 1).model();
    INDArray vectors = graph.getLayer("encoder/text/sum").getParam(WeightedBag.VECTORS);
    assertThat(vectors.length()).isEqualTo(900 * 16);
    assertThat(vectors.stdNumber().doubleValue()).isCloseTo(0.01, within(0.001));
  }

  private static NetworkSpec auto(TensorSpec... groups) {
    return new NetworkDefinition(new AutoNetwork(), List.of(groups), Target.number()).spec();
  }

  /** As it was written before it could be BERT's. */
  @Test
  void aTransformerOfAnOlderBundleIsAsItWas() {
    String older =
        """
        { "type": "sequence-transformer", "dimension": 8, "heads": 2, "layers": 1, "hidden": 16,
          "positions": "LEARNT", "norm": "POST", "pooling": "MEAN", "maxLength": 9,
          "attentionDropout": 0.1, "dropout": 0.2 }
        """;
    SequenceTransformerEncoder read =
        (SequenceTransformerEncoder) Json.read(older, Encoder.class, "network.json");
    assertThat(read)
        .isEqualTo(
            new SequenceTransformerEncoder(
                8,
                2,
                1,
                16,
                SequenceTransformerEncoder.Positions.LEARNT,
                TransformerBlock.Norm.POST,
                SeriesPooling.Kind.MEAN,
                9,
                0.1,
                0.2));
    assertThat(read.gelu()).isEqualTo(TransformerBlock.Gelu.TANH);
    assertThat(read.epsilon()).isEqualTo(1e-5);
    assertThat(Json.read(Json.write(read), Encoder.class, "network.json")).isEqualTo(read);
  }

  @Test
  void encodersOfNothingAreRefused() {
    EncoderNetwork network =
        new EncoderNetwork(
            Map.of("pictures", new ResNetEncoder(List.of(4), 1)),
            Concatenation.plain(),
            Map.of(),
            Loss.AUTO,
            0.0);
    assertThat(network.problems(List.of("numbers", "picture"), List.of("y")))
        .containsExactly("model.inputs.pictures is no feature group, there are numbers, picture");
    EncoderNetwork columns =
        new EncoderNetwork(
            Map.of("columns", MLP, "numbers", MLP),
            Concatenation.plain(),
            Map.of(),
            Loss.AUTO,
            0.0);
    assertThat(columns.problems(List.of("numbers"), List.of("y")))
        .containsExactly("model.inputs.columns: every feature group has an encoder of its own");
    EncoderNetwork pictures =
        new EncoderNetwork(
            Map.of("numbers", new ResNetEncoder(List.of(4), 1)),
            Concatenation.plain(),
            Map.of(),
            Loss.AUTO,
            0.0);
    assertThatThrownBy(
            () ->
                new NetworkDefinition(pictures, List.of(NUMBERS), Target.number())
                    .initial(new UpdaterSpec.Sgd(1), 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining(
            "encoder resnet needs one feature group of the shape [channels, height, width], which"
                + " the step pixels gives, got numbers of [3]");
  }
}
