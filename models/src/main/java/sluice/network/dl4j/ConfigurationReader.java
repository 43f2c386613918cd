package sluice.network.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.jsontype.PolymorphicTypeValidator;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.network.ScheduledRate;

/**
 * Makes Deeplearning4j's objects of a checked configuration, with the training's updater, rate,
 * seed and clipping in place of the file's. The mapper is Deeplearning4j's own with a second lock:
 * before it looks a class up, it asks whether the name is of the list.
 */
final class ConfigurationReader {
  /** The input of layers that stand one behind the other. */
  static final String FEATURES = "features";

  private static final Set<String> ENTRIES_BY_NAME =
      Set.of("vertices", "vertexInputs", "inputPreProcessors");

  private static final ObjectMapper MAPPER =
      NeuralNetConfiguration.mapper().copy().setPolymorphicTypeValidator(new OfTheList());

  /** In place of NoOp, by which Deeplearning4j subtracts the gradient as it is. */
  private static final JsonNode STANDSTILL = tree(new Sgd(0));

  /** What moves the parameters of a layer beside its updater. */
  private static final Map<String, JsonNode> STAYING =
      Map.of(
          "regularization", tree(List.of()),
          "regularizationBias", tree(List.of()),
          "constraints", NullNode.instance);

  private final NeuralNetConfiguration training;
  private final Map<String, JsonNode> replaced;
  private final JsonNode updater;

  private ConfigurationReader(NeuralNetConfiguration.Builder builder) {
    training = builder.build();
    updater = tree(builder.getIUpdater());
    replaced =
        Map.of(
            "seed", tree(builder.getSeed()),
            "gradientNormalization", tree(builder.getGradientNormalization()),
            "gradientNormalizationThreshold", tree(builder.getGradientNormalizationThreshold()),
            "iterationCount", tree(0),
            "epochCount", tree(0),
            "variables", tree(List.of()),
            "cacheMode", TextNode.valueOf("NONE"),
            "stepFunction", NullNode.instance,
            "topologicalOrder", NullNode.instance,
            "topologicalOrderStr", NullNode.instance);
  }

  /**
   * The graph that a configuration is; of layers one behind the other one with an input {@value
   * #FEATURES}, whose vertices have the layers' names.
   *
   * @param training updater, seed and clipping
   * @throws InvalidInput (configuration) if Deeplearning4j cannot read it
   */
  static ComputationGraphConfiguration graph(
      Dl4jConfiguration configuration, NeuralNetConfiguration.Builder training) {
    ConfigurationReader reader = new ConfigurationReader(training);
    JsonNode tree = configuration.tree();
    reader.replace(tree);
    try {
      String text = tree.toString();
      return configuration.isGraph()
          ? read(text, ComputationGraphConfiguration.class)
          : reader.graph(read(text, MultiLayerConfiguration.class));
    } catch (JsonProcessingException e) {
      throw InvalidInput.configuration(
          "Deeplearning4j cannot read the network: "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
  }

  /** What Deeplearning4j makes of a text, of classes of the list only. */
  static <T> T read(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readValue(text, type);
  }

  private static JsonNode tree(Object value) {
    try {
      return Json.tree(MAPPER.writeValueAsString(value), "Deeplearning4j's JSON");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void replace(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      if (isNoOp(object.path("iupdater"))) {
        STAYING.forEach(object::set);
      }
      for (String key : keys(object)) {
        JsonNode value = object.path(key);
        if (ENTRIES_BY_NAME.contains(key)) {
          value.forEach(this::replace);
        } else if (key.equals("iupdater")) {
          object.set(key, isNoOp(value) ? STANDSTILL : updater);
        } else if (key.equals("biasUpdater")) {
          object.set(key, isNoOp(value) ? STANDSTILL : NullNode.instance);
        } else if (replaced.containsKey(key)) {
          object.set(key, replaced.get(key));
        } else {
          replace(value);
        }
      }
    } else {
      tree.forEach(this::replace);
    }
  }

  private static List<String> keys(ObjectNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static boolean isNoOp(JsonNode updater) {
    return updater.path("@class").asText().equals(NoOp.class.getName());
  }

  private ComputationGraphConfiguration graph(MultiLayerConfiguration layers) {
    Map<String, GraphVertex> vertices = new LinkedHashMap<>();
    Map<String, List<String>> inputs = new LinkedHashMap<>();
    String before = FEATURES;
    List<NeuralNetConfiguration> each = layers.getConfs();
    for (int i = 0; i < each.size(); i++) {
      Layer layer = each.get(i).getLayer();
      if (layer.getLayerName() == null) {
        layer.setLayerName("layer" + i);
      }
      String name = layer.getLayerName();
      if (vertices.containsKey(name) || name.equals(FEATURES)) {
        throw InvalidInput.configuration(
            "$.confs[%d].layer.layerName must be a name of its own and not %s, got %s"
                .formatted(i, FEATURES, name));
      }
      vertices.put(name, new LayerVertex(each.get(i), layers.getInputPreProcess(i)));
      inputs.put(name, List.of(before));
      before = name;
    }
    ComputationGraphConfiguration graph = new ComputationGraphConfiguration();
    graph.setVertices(vertices);
    graph.setVertexInputs(inputs);
    graph.setNetworkInputs(List.of(FEATURES));
    graph.setNetworkOutputs(List.of(before));
    graph.setDefaultConfiguration(training);
    return graph;
  }

  /** Which classes the mapper may look up. */
  private static final class OfTheList extends PolymorphicTypeValidator {
    private static final long serialVersionUID = 1L;

    @Override
    public Validity validateBaseType(MapperConfig<?> config, JavaType type) {
      return Validity.INDETERMINATE;
    }

    @Override
    public Validity validateSubClassName(MapperConfig<?> config, JavaType type, String name) {
      return ConfigurationClasses.NAMES.contains(name) || name.equals(ScheduledRate.class.getName())
          ? Validity.ALLOWED
          : Validity.DENIED;
    }

    @Override
    public Validity validateSubType(MapperConfig<?> config, JavaType type, JavaType sub) {
      return Validity.ALLOWED;
    }
  }
}
