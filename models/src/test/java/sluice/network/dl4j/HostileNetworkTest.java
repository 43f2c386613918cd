package sluice.network.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sluice.network.dl4j.UserNetworks.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.network.Target;
import sluice.network.spec.Dl4jNetwork;
import sluice.network.spec.NetworkDefinition;
import sluice.testing.Gadget;

/** Configurations of networks that anybody may have written. */
class HostileNetworkTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final List<String> GADGETS =
      List.of(
          "sluice.network.dl4j.HostileNetworkTest$GadgetLayer",
          "sluice.testing.Gadget",
          "com.sun.rowset.JdbcRowSetImpl",
          "org.springframework.context.support.ClassPathXmlApplicationContext",
          "javax.management.BadAttributeValueExpException",
          "java.lang.ProcessBuilder",
          "[Lsluice.testing.Gadget;",
          "java.util.HashMap<java.lang.String,sluice.testing.Gadget>",
          "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer",
          "org.deeplearning4j.nn.weights.embeddings.ArrayEmbeddingInitializer");

  /** What whoever hands in a class of their own would have made. */
  public static final class GadgetLayer extends ActivationLayer {
    private static final long serialVersionUID = 1L;

    /** For Jackson. */
    public GadgetLayer() {
      Gadget.run();
    }
  }

  @BeforeEach
  void nothingRanYet() {
    Gadget.runs();
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> honest() {
    return List.of(
        UserNetworks.layers(4, 3).toJson(),
        UserNetworks.picture().toJson(),
        UserNetworks.wrapped(2, "left", "right").toJson(),
        UserNetworks.seriesAndColumns(3).toJson(),
        UserNetworks.behind(3, new LastTimeStepVertex("frames")).toJson());
  }

  private static void assertRefused(String json) {
    assertThatThrownBy(() -> read(json)).as(json).isInstanceOf(InvalidInput.class);
    assertThat(Gadget.runs()).isZero();
  }

  @Test
  void theTrapIsSet() {
    MultiLayerConfiguration.fromJson(
        UserNetworks.layers(4, 3)
            .toJson()
            .replace("org.deeplearning4j.nn.conf.layers.DenseLayer", GADGETS.get(0)));
    assertThat(Gadget.runs()).isPositive();
  }

  /** Every place of honest files, with the name of a gadget in every form that names a type. */
  @Test
  void noClassOutsideOfTheListIsNamedAtAnyPlaceInAnyForm() {
    int places = 0;
    for (String json : honest()) {
      assertThat(read(json).text()).isEqualTo(tree(json).toString());
      List<BiConsumer<JsonNode, JsonNode>> changes = new ArrayList<>();
      places(tree(json), List.of(), changes);
      for (int i = 0; i < changes.size(); i++) {
        String gadget = GADGETS.get(i % GADGETS.size());
        for (JsonNode form : forms(gadget)) {
          JsonNode changed = tree(json);
          changes.get(i).accept(changed, form);
          assertRefused(changed.toString());
          places++;
        }
      }
    }
    assertThat(places).isGreaterThan(2_000);
  }

  private static List<JsonNode> forms(String gadget) {
    ObjectNode property = MAPPER.createObjectNode().put("@class", gadget);
    ObjectNode typed = MAPPER.createObjectNode().put("type", gadget);
    ObjectNode wrapper = MAPPER.createObjectNode();
    wrapper.putObject(gadget).put("dataSourceName", "rmi://x/y");
    ArrayNode array = MAPPER.createArrayNode().add(gadget);
    array.addObject();
    return List.of(MAPPER.getNodeFactory().textNode(gadget), property, typed, wrapper, array);
  }

  /** A change of each value of the tree, in a tree that is equal. */
  private static void places(
      JsonNode tree, List<String> path, List<BiConsumer<JsonNode, JsonNode>> changes) {
    if (tree.isObject()) {
      tree.fieldNames()
          .forEachRemaining(
              name -> {
                changes.add((root, form) -> ((ObjectNode) at(root, path)).set(name, form));
                places(tree.path(name), with(path, name), changes);
              });
    }
    for (int i = 0; tree.isArray() && i < tree.size(); i++) {
      int index = i;
      changes.add((root, form) -> ((ArrayNode) at(root, path)).set(index, form));
      places(tree.get(i), with(path, Integer.toString(i)), changes);
    }
  }

  private static List<String> with(List<String> path, String name) {
    return Stream.concat(path.stream(), Stream.of(name)).toList();
  }

  private static JsonNode at(JsonNode root, List<String> path) {
    JsonNode node = root;
    for (String name : path) {
      node = node.isArray() ? node.path(Integer.parseInt(name)) : node.path(name);
    }
    return node;
  }

  /** The second lock, for a name that would have come through the first. */
  @Test
  void theMapperItselfLooksUpNoOtherClass() {
    for (String gadget : GADGETS) {
      String json =
          UserNetworks.layers(4, 3)
              .toJson()
              .replace("org.deeplearning4j.nn.conf.layers.DenseLayer", gadget);
      assertThatThrownBy(() -> ConfigurationReader.read(json, MultiLayerConfiguration.class))
          .isInstanceOf(org.nd4j.shade.jackson.core.JsonProcessingException.class)
          .hasMessageContaining("Configured `PolymorphicTypeValidator`");
    }
    assertThat(Gadget.runs()).isZero();
    assertThat(ConfigurationClasses.NAMES)
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches("(org\\.(deeplearning4j|nd4j)|sluice\\.network\\.layers)\\..*"));
  }

  @Test
  void aClassIsNamedWithItsPlace() {
    String json =
        UserNetworks.layers(4, 3)
            .toJson()
            .replace("org.nd4j.linalg.activations.impl.ActivationReLU", GADGETS.get(2));
    assertThatThrownBy(() -> read(json))
        .hasMessage(
            "net.json: $.confs[0].layer.activationFn.@class must be one of the classes that models/README.md lists; layers of one's own and SameDiff are refused, got com.sun.rowset.JdbcRowSetImpl");
  }

  /** A class of the list at a place of another kind is nothing that runs. */
  @Test
  void aClassOfAnotherKindIsRefusedByTheMapper() {
    Dl4jConfiguration read =
        read(
            UserNetworks.layers(4, 3)
                .toJson()
                .replace(
                    "org.nd4j.linalg.activations.impl.ActivationReLU",
                    "org.deeplearning4j.nn.conf.layers.DenseLayer"));
    assertUnbuildable(
        read,
        "model.configuration: Deeplearning4j cannot read the network: Could not resolve type id 'org.deeplearning4j.nn.conf.layers.DenseLayer' as a subtype of `org.nd4j.linalg.activations.IActivation`: Not a subtype");
  }

  private static void assertUnbuildable(Dl4jConfiguration read, String message) {
    assertThatThrownBy(
            () ->
                GraphFit.network(
                    read,
                    List.of(ExampleInput.fixed("g", InputType.feedForward(4))),
                    List.of(Target.classes(3)),
                    new NeuralNetConfiguration.Builder().seed(5)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void sizesAreBoundedBeforeMemoryIsTaken() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .hasMessageStartingWith("net.json: not readable: ");
    assertThatThrownBy(() -> read("{\"a\":".repeat(41)))
        .hasMessageStartingWith("net.json: not readable: ");
    assertThatThrownBy(() -> read("[" + "0,".repeat(500_000) + "0]"))
        .hasMessage("net.json: must have at most 500,000 values, got more");
    assertThatThrownBy(
            () -> Dl4jConfiguration.parse(new byte[Dl4jConfiguration.MOST_BYTES + 1], "net.json"))
        .hasMessage("net.json: must have at most 8,388,608 bytes, got 8,388,609");
    assertThatThrownBy(() -> read("{\"a\":\"" + "x".repeat(1_001) + "\"}"))
        .hasMessageStartingWith("net.json: not readable: ");
    assertThatThrownBy(() -> read("{\"" + "x".repeat(1_001) + "\":1,\"confs\":[{}]}"))
        .hasMessageContaining("$ must have names of at most 1,000 characters, got xxx");
  }

  @Test
  void whatIsNoSingleTreeOfJsonIsRefused() {
    String twice =
        UserNetworks.layers(4, 3).toJson().replace("\"nout\" : 8", "\"nout\" : 8, \"nout\" : 9");
    assertThatThrownBy(() -> read(twice))
        .hasMessageStartingWith("net.json: not readable: Duplicate field 'nout'");
    assertRefused("");
    assertRefused("null");
    assertRefused("{} {}");
    assertRefused(honest().get(0) + "x");
    assertRefused(honest().get(0).replaceFirst("0\\.8", "NaN"));
    assertThatThrownBy(() -> Dl4jConfiguration.parse(Gadget.serialised(), "net.json"))
        .hasMessage("net.json: must be text in UTF-8, got other bytes");
    assertThatThrownBy(
            () -> Dl4jConfiguration.parse("{}".getBytes(StandardCharsets.UTF_16), "net.json"))
        .isInstanceOf(InvalidInput.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"confs\":[]}", "{\"confs\":[1],\"vertices\":{\"a\":1}}"})
  void whatIsNeitherOfBothConfigurationsIsRefused(String json) {
    assertThatThrownBy(() -> read(json))
        .hasMessageStartingWith(
            "net.json: $ must have the layers confs of a MultiLayerConfiguration or the vertices of a ComputationGraphConfiguration, as toJson() writes them, got");
  }

  @Test
  void layersInTheFormOfOldVersionsAreRefused() {
    assertThatThrownBy(() -> read("{\"confs\":[{\"layer\":{\"dense\":{\"nIn\":2}}}]}"))
        .hasMessage(
            "net.json: $.confs[0].layer must have a property @class: older forms than that of Deeplearning4j 1.0 are not read, got none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"nout\" : 8|\"nout\" : 1048577|layer.nout must be a whole number from 0 to 1,048,576, got 1048577",
        "\"nout\" : 8|\"nout\" : -8|layer.nout must be a whole number from 0 to 1,048,576, got -8",
        "\"nin\" : 4|\"nin\" : 9223372036854775807|layer.nin must be a whole number from 0 to 1,048,576, got 9223372036854775807",
        "\"nin\" : 4|\"nin\" : 1e400|layer.nin must be a finite number, got Infinity",
        "\"nin\" : 4|\"nin\" : 99999999999999999999|layer.nin must be a whole number from 0 to 1,048,576, got 99999999999999999999",
        "\"nin\" : 4|\"nin\" : 4.5|layer.nin must be a whole number from 0 to 1,048,576, got 4.5",
        "\"biasInit\" : 0.0|\"biasInit\" : \"NaN\"|layer.biasInit must be a finite number, got NaN",
        "\"biasInit\" : 0.0|\"biasInit\" : \"-Infinity\"|layer.biasInit must be a finite number, got -Infinity",
        "\"p\" : 0.8|\"p\" : -0.8|layer.idropout.p must be above 0 and at most 1, got -0.8",
        "\"value\" : 1.0E-5|\"value\" : -1|layer.regularization[1].l1.value must be at least 0, got -1",
        "\"dataType\" : \"FLOAT\"|\"dataType\" : \"DOUBLE\"|dataType must be FLOAT, got DOUBLE",
        "\"miniBatch\" : true|\"miniBatch\" : false|miniBatch must be true, got false",
      })
  void numbersThatNoNetworkHasAreRefused(String said, String changed, String problem) {
    String json = honest().get(0);
    assertThat(json).contains(said);
    assertThatThrownBy(() -> read(json.replaceFirst(java.util.regex.Pattern.quote(said), changed)))
        .hasMessage("net.json: $.confs[0].%s".formatted(problem));
  }

  @Test
  void windowsAndShapesAreBounded() {
    String json = UserNetworks.picture().toJson();
    assertThatThrownBy(
            () ->
                read(
                    json.replaceFirst(
                        "\"kernelSize\" : \\[ 3, 3 ]", "\"kernelSize\" : [ 3, 4096 ]")))
        .hasMessage(
            "net.json: $.vertices.c1.layerConf.layer.kernelSize[1] must be a whole number from 1 to 1,024, got 4096");
    assertThatThrownBy(
            () ->
                read(
                    json.replaceFirst(
                        "\"kernelSize\" : \\[ 3, 3 ]", "\"kernelSize\" : [ 3, 3, 3, 3, 3 ]")))
        .hasMessage(
            "net.json: $.vertices.c1.layerConf.layer.kernelSize must have at most 4 lengths, got 5");
  }

  /** 2^20 by 2^20 numbers are 4 TiB. */
  @Test
  void moreParametersThanThereIsMemoryForAreRefusedBeforeTheyAreMade() {
    String json =
        UserNetworks.layers(4, 3)
            .toJson()
            .replace("\"nin\" : 8", "\"nin\" : 0")
            .replace("\"nout\" : 8", "\"nout\" : 1048576");
    String huge = json.replace("\"nin\" : 4", "\"nin\" : 1048576");
    assertThatThrownBy(
            () ->
                GraphFit.network(
                    read(huge),
                    List.of(ExampleInput.fixed("g", InputType.feedForward(1 << 20))),
                    List.of(Target.classes(3)),
                    new NeuralNetConfiguration.Builder().seed(5)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("1,099,5");
  }

  @Test
  void whatAFileLeavesOutIsAnErrorThatSaysSo() {
    String json =
        "{\"confs\":[{\"layer\":{\"@class\":\"org.deeplearning4j.nn.conf.layers.OutputLayer\"}}]}";
    assertUnbuildable(read(json), "model.configuration: ");
    assertUnbuildable(
        read(
            "{\"vertices\":{\"a\":{\"@class\":\"org.deeplearning4j.nn.conf.graph.MergeVertex\"}}}"),
        "model.configuration: ");
  }

  @Test
  void aBundlesNetworkGoesThroughTheSameCheck() {
    String json =
        Json.write(
            new NetworkDefinition(
                new Dl4jNetwork(read(UserNetworks.layers(4, 3).toJson())),
                List.of(),
                Target.classes(3)));
    assertThat(Json.read(json, NetworkDefinition.class, "network.json")).isNotNull();
    for (String gadget : GADGETS) {
      String forged = json.replace("org.nd4j.linalg.activations.impl.ActivationReLU", gadget);
      assertThatThrownBy(() -> Json.read(forged, NetworkDefinition.class, "network.json"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              "network.json: not readable: $.confs[0].layer.activationFn.@class must be one of the classes that models/README.md lists; layers of one's own and SameDiff are refused, got "
                  + gadget);
    }
    assertThat(Gadget.runs()).isZero();
  }
}
