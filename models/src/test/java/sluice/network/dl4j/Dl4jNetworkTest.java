package sluice.network.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sluice.network.dl4j.UserNetworks.assertMisfit;
import static sluice.network.dl4j.UserNetworks.read;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.FloatArrays;
import sluice.network.GradientClipping;
import sluice.network.LearningRateSchedule;
import sluice.network.Network;
import sluice.network.Optimisation;
import sluice.network.Replica;
import sluice.network.Target;
import sluice.network.UpdaterSpec;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.NetworkDefinition;

class Dl4jNetworkTest {
  private static final UpdaterSpec SGD = new UpdaterSpec.Sgd(0.5);

  private static TensorSpec columns(String name, int size) {
    List<String> names = java.util.stream.IntStream.range(0, size).mapToObj(i -> "x" + i).toList();
    return TensorSpec.of(name, Element.FLOAT32, List.of(size), names, List.of(), List.of());
  }

  private static TensorSpec picture(Integer... shape) {
    return TensorSpec.of("image", Element.FLOAT32, List.of(shape), List.of(), List.of(), List.of());
  }

  private static NetworkDefinition definition(String json, Target target, TensorSpec... features) {
    return new NetworkDefinition(new Dl4jNetwork(read(json)), List.of(features), target);
  }

  @Test
  void layersComputeWhatDeeplearning4jsOwnNetworkOfTheFileDoes() {
    MultiLayerConfiguration file = UserNetworks.layers(4, 3);
    Network network =
        definition(file.toJson(), Target.classes(3), columns("g", 4)).initial(SGD, 11);
    MultiLayerNetwork own = new MultiLayerNetwork(file);
    own.init();
    assertThat(network.parameters()).hasSize((int) own.numParams());
    own.setParams(FloatArrays.create(network.parameters(), 1, network.parameters().length));
    INDArray examples = Nd4j.rand(5, 4);
    assertThat(FloatArrays.copy(network.outputs(examples)[0]))
        .containsExactly(FloatArrays.copy(own.output(examples)));
  }

  @Test
  void aPictureGoesIntoAGraphOfConvolutions() {
    NetworkDefinition definition =
        definition(UserNetworks.picture().toJson(), Target.binary(1), picture(1, 8, 8));
    Network network = definition.initial(SGD, 3);
    ComputationGraph own = new ComputationGraph(UserNetworks.picture());
    own.init();
    own.setParams(FloatArrays.create(network.parameters(), 1, network.parameters().length));
    INDArray flat = Nd4j.rand(2, 64);
    assertThat(FloatArrays.copy(network.outputs(flat)[0]))
        .containsExactly(FloatArrays.copy(own.outputSingle(flat.reshape(2, 1, 8, 8))));
    assertThat(Json.read(Json.write(definition), NetworkDefinition.class, "x"))
        .isEqualTo(definition);
  }

  @Test
  void theTrainingsUpdaterRateSeedAndClippingCountButFrozenLayersStay() {
    NetworkDefinition definition =
        definition(
            UserNetworks.wrapped(2, "left", "right").toJson(),
            Target.binary(1),
            columns("left", 2),
            columns("right", 2));
    Optimisation training =
        new Optimisation(
            new UpdaterSpec.Adam(0.25, 0.8, 0.9, 1e-6),
            new GradientClipping(GradientClipping.By.VALUE, 0.5),
            new LearningRateSchedule.Cosine(0),
            100);
    Network network = definition.initial(training, 5);
    Map<String, Object> rates = new TreeMap<>();
    for (org.deeplearning4j.nn.api.Layer layer : network.layers()) {
      layer
          .paramTable(false)
          .keySet()
          .forEach(
              name ->
                  rates.put(
                      layer.conf().getLayer().getLayerName(),
                      layer.getConfig().getUpdaterByParam(name) instanceof NoOp
                          ? "none"
                          : layer.getConfig().getUpdaterByParam(name).getLearningRate(0, 0)));
    }
    assertThat(rates).isEqualTo(Map.of("a", "none", "b", 0.25, "c", 0.25, "out", 0.25));
    ComputationGraph graph = (ComputationGraph) network.model();
    BaseLayer out = (BaseLayer) graph.getLayer("out").conf().getLayer();
    assertThat(out.getGradientNormalizationThreshold()).isEqualTo(0.5);
    assertThat(definition.initial(training, 5).parameters()).isEqualTo(network.parameters());
    assertThat(definition.initial(training, 6).parameters()).isNotEqualTo(network.parameters());
  }

  @Test
  void nInThatIsOpenFollowsFromTheFeatures() {
    String open = UserNetworks.layers(4, 3).toJson().replace("\"nin\" : 4", "\"nin\" : 0");
    assertThat(definition(open, Target.classes(3), columns("g", 9)).initial(SGD, 1).architecture())
        .first()
        .asString()
        .contains("W[9, 8]");
  }

  @Test
  void whatDoesNotFitTheDataIsNamedWithLayerRuleAndValue() {
    assertMisfit(
        definition(UserNetworks.layers(4, 3).toJson(), Target.classes(3), columns("g", 7)),
        "layer layer0: nIn must be 7 as an example of the features has, got 4");
    assertMisfit(
        definition(UserNetworks.layers(4, 3).toJson(), Target.classes(5), columns("g", 4)),
        "layer layer2: nOut must be 5 for label label of 5 classes, got 3");
    assertMisfit(
        definition(UserNetworks.layers(4, 2).toJson(), Target.binary(1), columns("g", 4)),
        "layer layer2: nOut must be 1 for label label of two classes (the positive one's"
            + " probability), got 2",
        "layer layer2: activationFn must be ActivationSigmoid for label label of two classes (the"
            + " positive one's probability), got ActivationSoftmax",
        "layer layer2: lossFn must be one of LossBinaryXENT, LossMSE, LossMAE, LossL1, LossL2 for"
            + " label label of two classes (the positive one's probability), got LossMCXENT");
    assertMisfit(
        definition(UserNetworks.layers(4, 3).toJson(), Target.names(2), columns("g", 4)),
        "layer layer2: nOut must be 2 for label label of sets of 2 names (the probability of each),"
            + " got 3",
        "layer layer2: activationFn must be ActivationSigmoid for label label of sets of 2 names"
            + " (the probability of each), got ActivationSoftmax",
        "layer layer2: lossFn must be one of LossBinaryXENT, LossMSE, LossMAE, LossL1, LossL2 for"
            + " label label of sets of 2 names (the probability of each), got LossMCXENT");
    assertMisfit(
        definition(
            UserNetworks.plain(2, new LossMSE(), Activation.TANH).toJson(),
            Target.number(),
            columns("g", 2)),
        "layer layer1: activationFn must be ActivationIdentity for label label, a number, got"
            + " ActivationTanH");
    assertMisfit(
        definition(
            UserNetworks.plain(
                    2, new LossBinaryXENT(Nd4j.create(new float[] {1, 2, 3})), Activation.SIGMOID)
                .toJson(),
            Target.binary(0),
            columns("g", 2)),
        "layer layer1: the weights of lossFn must be 1 as there are outputs, got 3");
    assertMisfit(
        definition(
            UserNetworks.wrapped(2, "left", "other").toJson(),
            Target.binary(1),
            columns("left", 2),
            columns("right", 2)),
        "the network's inputs must be the feature groups [left, right], or one of them columns for"
            + " all others, got [left, other]");
  }

  private static NetworkDefinition priceAndSold(
      String number, String probability, String... order) {
    return new NetworkDefinition(
        new Dl4jNetwork(read(UserNetworks.twoOutputs(number, probability, order).toJson())),
        List.of(columns("g", 2)),
        List.of(Target.number().named("price"), Target.binary(1).named("sold")));
  }

  /** By name if the names are the labels', else by their order. */
  @Test
  void outputLayersAreMatchedToLabels() {
    INDArray examples = Nd4j.rand(5, 2);
    INDArray[] said =
        priceAndSold("price", "sold", "price", "sold").initial(SGD, 1).outputs(examples);
    for (NetworkDefinition same :
        List.of(
            priceAndSold("price", "sold", "sold", "price"),
            priceAndSold("first", "second", "first", "second"),
            priceAndSold("price", "second", "price", "second"))) {
      INDArray[] outputs = same.initial(SGD, 1).outputs(examples);
      for (int label = 0; label < 2; label++) {
        assertThat(FloatArrays.copy(outputs[label])).containsExactly(FloatArrays.copy(said[label]));
      }
    }
  }

  /** Told of the names alone, before there is data. */
  @Test
  void anOutputLayerWithTheNameOfAnotherLabelIsRefused() {
    String problem =
        "the output layers must have the names of all labels [price, sold], or be in their order without the name of another label, got [sold, other]";
    NetworkDefinition wrong = priceAndSold("sold", "other", "sold", "other");
    assertMisfit(wrong, problem);
    assertThat(wrong.spec().problems(List.of("g"), List.of("price", "sold")))
        .containsExactly("model.configuration: " + problem);
    assertThat(wrong.spec().problems(List.of("g"), List.of("price")))
        .containsExactly(
            "model.configuration: the network must have 1 output layers as there are labels, got [sold, other]");
    assertThat(wrong.spec().problems(List.of("g"), List.of("a", "b"))).isEmpty();
    assertThat(
            new Dl4jNetwork(read(UserNetworks.wrapped(2, "left", "other").toJson()))
                .problems(List.of("left", "right"), List.of("out")))
        .containsExactly(
            "model.configuration: the network's inputs must be the feature groups [left, right], or one of them columns for all others, got [left, other]");
  }

  @Test
  void aLayerInTheMiddleMustReadWhatTheOneBeforeItGives() {
    String wrong = UserNetworks.layers(4, 3).toJson().replaceFirst("\"nout\" : 8", "\"nout\" : 6");
    assertMisfit(
        definition(wrong, Target.classes(3), columns("g", 4)),
        "layer layer1: nIn must be 6 as layer layer0 has, got 8");
  }

  /** As compiled, and by Deeplearning4j alone. */
  @Test
  void trainsAsDeeplearning4jDoesAndLeavesFrozenLayersAsTheyAre() {
    NetworkDefinition definition =
        definition(
            UserNetworks.wrapped(2, "left", "right").toJson(),
            Target.binary(1),
            columns("left", 2),
            columns("right", 2));
    Network network = definition.initial(SGD, 1);
    float[] before = network.parameters();
    MultiDataSet batch =
        new MultiDataSet(
            new INDArray[] {Nd4j.rand(8, 2), Nd4j.rand(8, 2)},
            new INDArray[] {Nd4j.eye(8).getColumns(1)});
    Replica replica = network.replica();
    replica.setParameters(before);
    replica.fit(batch);
    network.fit(batch);
    float[] after = network.parameters();
    assertThat(replica.parameters()).containsExactly(after, within(1e-5f));
    assertThat(after).isNotEqualTo(before);
    assertThat(Arrays.copyOf(after, 9)).isEqualTo(Arrays.copyOf(before, 9));
  }

  /** Neither gradients nor penalties nor constraints move it, as compiled and by Deeplearning4j. */
  @Test
  void aLayerWhoseUpdaterIsNoOpStays() {
    String json =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .updater(new Adam(0.01))
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(3).build())
            .layer(
                new DenseLayer.Builder()
                    .nIn(3)
                    .nOut(4)
                    .updater(new NoOp())
                    .l2(0.1)
                    .weightDecay(0.1, false)
                    .constrainWeights(new MaxNormConstraint(0.01, 1))
                    .build())
            .layer(new DenseLayer.Builder().nIn(4).nOut(2).biasUpdater(new NoOp()).build())
            .layer(
                new OutputLayer.Builder(new LossBinaryXENT())
                    .activation(Activation.SIGMOID)
                    .nIn(2)
                    .nOut(1)
                    .build())
            .build()
            .toJson();
    Network network = definition(json, Target.binary(1), columns("g", 2)).initial(SGD, 1);
    float[] before = network.parameters();
    MultiDataSet batch = new MultiDataSet(Nd4j.rand(8, 2), Nd4j.eye(8).getColumns(1));
    for (Replica way : List.of(network, network.replica())) {
      way.setParameters(before);
      way.fit(batch);
      float[] after = way.parameters();
      assertThat(Arrays.copyOf(after, 9)).isNotEqualTo(Arrays.copyOf(before, 9));
      assertThat(Arrays.copyOfRange(after, 9, 25)).isEqualTo(Arrays.copyOfRange(before, 9, 25));
      assertThat(Arrays.copyOfRange(after, 25, 33))
          .isNotEqualTo(Arrays.copyOfRange(before, 25, 33));
      assertThat(Arrays.copyOfRange(after, 33, 35)).isEqualTo(Arrays.copyOfRange(before, 33, 35));
    }
    assertThat(network.spans(0, 0))
        .extracting(Network.Span::rate)
        .containsExactly(0.5, 0.5, 0.0, 0.0, 0.5, 0.0, 0.5, 0.5);
  }

  @Test
  void weightDecayIsNoneBesideTheFilesPenalties() {
    UpdaterSpec adamw = new UpdaterSpec.AdamW(0.1, 0.9, 0.99, 1e-6, 0.3);
    NetworkDefinition penalised =
        definition(UserNetworks.layers(4, 3).toJson(), Target.classes(3), columns("g", 4));
    assertThatThrownBy(() -> penalised.initial(adamw, 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessage(
            "model.configuration must have no penalties of weights (regularization) with"
                + " train.updater adamw, whose weight decay takes their place");
    String embedding =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new EmbeddingLayer.Builder().nIn(1).nOut(3).build())
            .layer(
                new OutputLayer.Builder(new LossMSE())
                    .activation(Activation.IDENTITY)
                    .nIn(3)
                    .nOut(1)
                    .build())
            .build()
            .toJson();
    NetworkDefinition free = definition(embedding, Target.number(), columns("g", 1));
    assertThat(free.initial(adamw, 1).layers())
        .extracting(layer -> layer.getConfig().getRegularizationByParam("W").size())
        .containsExactly(0, 1);
  }

  @Test
  void aLayerThatIsNoOutputLayerPredictsNothing() {
    String json =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(1).build())
            .build()
            .toJson();
    assertMisfit(
        definition(json, Target.number(), columns("g", 2)),
        "layer layer0: must be an OutputLayer to predict label label, a number, got DenseLayer");
    String loss =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(1).build())
            .layer(new LossLayer.Builder(LossFunction.MSE).build())
            .build()
            .toJson();
    assertThatThrownBy(() -> read(loss))
        .hasMessage(
            "net.json: $.confs[1].layer.@class must be one of the classes that models/README.md"
                + " lists; layers of one's own and SameDiff are refused, got"
                + " org.deeplearning4j.nn.conf.layers.LossLayer");
  }

  @Test
  void aPictureOfOtherSizeThanTheFilesPreprocessorIsNamed() {
    String flat =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(
                new org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder(3, 3)
                    .nOut(2)
                    .build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(org.deeplearning4j.nn.conf.inputs.InputType.convolutionalFlat(28, 28, 1))
            .build()
            .toJson();
    assertThat(definition(flat, Target.classes(3), picture(1, 28, 28)).initial(SGD, 1).parameters())
        .hasSize(9 * 2 + 2 + 26 * 26 * 2 * 3 + 3);
    assertThatThrownBy(() -> definition(flat, Target.classes(3), picture(1, 8, 8)).initial(SGD, 1))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("model.configuration: layer layer0");
  }
}
