package sluice.network.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static sluice.network.dl4j.UserNetworks.read;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.data.Json;
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
import sluice.normalise.FeatureGroup;
import sluice.normalise.FeatureGroup.Encoding;

class Dl4jNetworkTest {
  private static final UpdaterSpec SGD = new UpdaterSpec.Sgd(0.5);

  private static FeatureGroup columns(String name, int size) {
    List<String> names = java.util.stream.IntStream.range(0, size).mapToObj(i -> "x" + i).toList();
    return new FeatureGroup(name, Encoding.FLOAT, List.of(size), names, List.of(), List.of());
  }

  private static FeatureGroup picture(Integer... shape) {
    return new FeatureGroup(
        "image", Encoding.FLOAT, List.of(shape), List.of(), List.of(), List.of());
  }

  private static NetworkDefinition definition(
      String json, Target target, FeatureGroup... features) {
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

  private static void assertMisfit(NetworkDefinition definition, String... problems) {
    assertThatThrownBy(() -> definition.initial(SGD, 1))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        java.util.Arrays.stream(problems)
                            .map(problem -> "model.configuration: " + problem)
                            .toArray(String[]::new)));
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
        "layer layer2: nOut must be 1 for label label of two classes (the positive one's probability), got 2",
        "layer layer2: activationFn must be ActivationSigmoid for label label of two classes (the positive one's probability), got ActivationSoftmax",
        "layer layer2: lossFn must be one of LossBinaryXENT, LossMSE, LossMAE, LossL1, LossL2 for label label of two classes (the positive one's probability), got LossMCXENT");
    assertMisfit(
        definition(
            UserNetworks.plain(2, new LossMSE(), Activation.TANH).toJson(),
            Target.number(),
            columns("g", 2)),
        "layer layer1: activationFn must be ActivationIdentity for label label, a number, got ActivationTanH");
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
        "the network's inputs must be the feature groups [left, right], or one of them columns for all others, got [left, other]");
  }

  @Test
  void aLayerInTheMiddleMustReadWhatTheOneBeforeItGives() {
    String wrong = UserNetworks.layers(4, 3).toJson().replaceFirst("\"nout\" : 8", "\"nout\" : 6");
    assertMisfit(
        definition(wrong, Target.classes(3), columns("g", 4)),
        "layer layer1: nIn must be 6 as layer layer0 has, got 8");
  }

  @Test
  void columnsAreNoSeries() {
    String json =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new LSTM.Builder().nIn(2).nOut(3).build())
            .build()
            .toJson();
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("got org.deeplearning4j.nn.conf.layers.LSTM");
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

  @Test
  void aLayerThatIsNoOutputLayerPredictsNothing() {
    String json =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(1).build())
            .build()
            .toJson();
    assertMisfit(
        definition(json, Target.number(), columns("g", 2)),
        "layer layer0: must be an OutputLayer to predict label label, a number, got DenseLayer");
    String loss =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nIn(2).nOut(1).build())
            .layer(new LossLayer.Builder(LossFunction.MSE).build())
            .build()
            .toJson();
    assertThatThrownBy(() -> read(loss))
        .hasMessage(
            "net.json: $.confs[1].layer.@class must be one of the classes that models/README.md lists; layers of one's own and SameDiff are refused, got org.deeplearning4j.nn.conf.layers.LossLayer");
  }

  @Test
  void aPictureOfOtherSizeThanTheFilesPreprocessorIsNamed() {
    String flat =
        new NeuralNetConfiguration.Builder()
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
