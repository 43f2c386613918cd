package sluice.network.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.data.InvalidInput;
import sluice.network.dl4j.Dl4jConfiguration;

/**
 * Turns an architecture of Keras 2 or 3 into Deeplearning4j's form, by Deeplearning4j's own import
 * of the first. Around it, what Keras 3 writes otherwise is written as by Keras 2, pictures become
 * channels first, as they are in Sluice, and the last connected layer becomes an output layer: with
 * the loss of its activation, as weights, losses and optimisers of a Keras file are not read.
 */
final class KerasConversion {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String CLASS_NAME = "class_name";
  private static final String CONFIG = "config";
  private static final String LAYERS = "layers";
  private static final String CLASS = "@class";
  private static final Set<String> SHAPES = Set.of("batch_input_shape", "batch_shape");

  /** Keys of layers by what the import looks for: dropout's rate, and LeakyReLU's of Keras 3. */
  private static final Map<String, String> RENAMED =
      Map.of("rate", "dropout", "negative_slope", "alpha");

  /**
   * Settings of recurrent layers that the import passes over, and that would be another network.
   */
  private static final List<String> UNREAD = List.of("go_backwards", "stateful");

  /** What the import takes a series to be as long as that may have any length. */
  private static final int SOME_LENGTH = 1_024;

  private static final String OUTPUT = "org.deeplearning4j.nn.conf.layers.OutputLayer";
  private static final String DENSE = "org.deeplearning4j.nn.conf.layers.DenseLayer";

  private KerasConversion() {}

  /**
   * The network of an architecture.
   *
   * @param where the file, for messages
   * @throws InvalidInput (data) if it has what cannot be converted
   */
  static Dl4jConfiguration converted(JsonNode architecture, String where) {
    boolean sequential = architecture.path(CLASS_NAME).asText().equals("Sequential");
    if (!(architecture instanceof ObjectNode keras)
        || !(sequential || Set.of("Functional", "Model").contains(keras.path(CLASS_NAME).asText()))
        || !keras.path(CONFIG).path(LAYERS).isArray()) {
      throw InvalidInput.data(
          "%s: must be a Sequential or Functional model of Keras with layers, got %s"
              .formatted(where, architecture.path(CLASS_NAME).asText("no class_name")));
    }
    ObjectNode second = secondVersion(keras, sequential, where);
    try {
      KerasModel model = new KerasModel();
      var builder = model.modelBuilder().modelJson(second.toString()).enforceTrainingConfig(false);
      String json =
          sequential
              ? builder.buildSequential().getMultiLayerConfiguration().toJson()
              : builder.buildModel().getComputationGraphConfiguration().toJson();
      JsonNode made = Dl4jConfiguration.boundedTree(json.getBytes(StandardCharsets.UTF_8), where);
      outputs(made);
      tidy(made);
      return Dl4jConfiguration.parse(made.toString().getBytes(StandardCharsets.UTF_8), where);
    } catch (InvalidKerasConfigurationException | UnsupportedKerasConfigurationException e) {
      throw unconvertible(where, e);
    } catch (InvalidInput invalid) {
      throw invalid;
    } catch (java.io.IOException | RuntimeException e) {
      // The import reads keys that a file may lack, and says so in any way.
      throw unconvertible(where, e);
    }
  }

  private static InvalidInput unconvertible(String where, Exception e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return InvalidInput.data(
        "%s: Deeplearning4j cannot convert the Keras model: %s: %s"
            .formatted(where, e.getClass().getSimpleName(), message));
  }

  private static ObjectNode secondVersion(ObjectNode keras, boolean sequential, String where) {
    ObjectNode second = NODES.objectNode();
    second.put(CLASS_NAME, sequential ? "Sequential" : "Model");
    second.put("keras_version", "2.15.0");
    // The import takes a layer that does not say otherwise for channels first.
    second.put("backend", "theano");
    ObjectNode config = (ObjectNode) keras.path(CONFIG).deepCopy();
    second.set(CONFIG, config);
    for (JsonNode each : config.path(LAYERS)) {
      if (each instanceof ObjectNode layer) {
        layer(layer, where);
      }
    }
    for (String ends : List.of("input_layers", "output_layers")) {
      if (config.path(ends).isArray() && config.path(ends).path(0).isTextual()) {
        config.set(ends, NODES.arrayNode().add(config.path(ends)));
      }
    }
    return second;
  }

  /**
   * @throws InvalidInput (data) if it has what the import would leave out without a word
   */
  private static void refuse(JsonNode layer, JsonNode config, String where) {
    String name = config.path("name").asText(layer.path(CLASS_NAME).asText());
    for (String key : UNREAD) {
      if (config.path(key).asBoolean()) {
        throw InvalidInput.data(
            "%s: layer %s: must have no %s, got true".formatted(where, name, key));
      }
    }
    JsonNode back = config.path("backward_layer").path(CONFIG);
    if (back.isObject() && !alike(back).equals(alike(config.path("layer").path(CONFIG)))) {
      throw InvalidInput.data(
          "%s: layer %s: its backward_layer must be as its layer, got another"
              .formatted(where, name));
    }
  }

  /** The settings of a recurrent layer in whichever direction. */
  private static JsonNode alike(JsonNode config) {
    JsonNode alike = config.deepCopy();
    if (alike instanceof ObjectNode object) {
      object.remove(List.of("name", "go_backwards"));
    }
    return alike;
  }

  private static void layer(ObjectNode layer, String where) {
    if (layer.path("inbound_nodes").path(0).isObject()) {
      ArrayNode nodes = NODES.arrayNode();
      for (JsonNode node : layer.path("inbound_nodes")) {
        ArrayNode reads = nodes.addArray();
        histories(node.path("args"), reads);
      }
      layer.set("inbound_nodes", nodes);
    }
    if (!(layer.path(CONFIG) instanceof ObjectNode config)) {
      return;
    }
    refuse(layer, config, where);
    if (config.path("layer") instanceof ObjectNode wrapped) {
      layer(wrapped, where);
    }
    // Which steps of a series are padding, is known here without an index that says so.
    if (layer.path(CLASS_NAME).asText().equals("Embedding")) {
      config.put("mask_zero", false);
      config.put("input_length", SOME_LENGTH);
    }
    // What the import would otherwise leave out without a word.
    RENAMED.forEach(
        (key, read) -> {
          if (config.path(key).isNumber()) {
            config.set(read, config.path(key));
          }
        });
    boolean joins = layer.path(CLASS_NAME).asText().equals("Concatenate");
    List<String> keys = new ArrayList<>();
    config.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      JsonNode value = config.path(key);
      if (SHAPES.contains(key)) {
        config.remove(key);
        config.set("batch_input_shape", channelsFirst(ofSomeLength(value)));
      } else if (key.equals("dtype")) {
        config.put(key, "float32");
      } else if (value.asText().equals("channels_last")) {
        config.put(key, "channels_first");
      } else if (key.equals("axis") && isLast(value)) {
        config.set(key, joins ? NODES.numberNode(1) : NODES.arrayNode().add(1));
      } else if (key.endsWith("_regularizer") && value.isObject()) {
        config.set(key, regularizer(value.path(CONFIG)));
      }
    }
  }

  /** Where the tensors that a node reads come from: layer, node and tensor. */
  private static void histories(JsonNode arguments, ArrayNode reads) {
    for (JsonNode argument : arguments) {
      if (argument.isArray()) {
        histories(argument, reads);
      } else {
        ArrayNode from = reads.addArray();
        argument.path(CONFIG).path("keras_history").forEach(from::add);
        from.addObject();
      }
    }
  }

  /** A series, or indices, of any length with some length, which nothing of the network goes by. */
  private static JsonNode ofSomeLength(JsonNode shape) {
    if (shape.size() < 2 || shape.size() > 3 || !shape.path(1).isNull()) {
      return shape;
    }
    ArrayNode some = NODES.arrayNode().add(shape.get(0)).add(SOME_LENGTH);
    return shape.size() == 2 ? some : some.add(shape.get(2));
  }

  /**
   * [null, height, width, channels] as [null, channels, height, width], and [null, time, features]
   * as [null, features, time]; others as they are.
   */
  private static JsonNode channelsFirst(JsonNode shape) {
    if (shape.size() == 3) {
      return NODES.arrayNode().add(shape.get(0)).add(shape.get(2)).add(shape.get(1));
    }
    if (shape.size() != 4) {
      return shape;
    }
    return NODES
        .arrayNode()
        .add(shape.get(0))
        .add(shape.get(3))
        .add(shape.get(1))
        .add(shape.get(2));
  }

  private static boolean isLast(JsonNode axis) {
    JsonNode one = axis.isArray() ? axis.path(0) : axis;
    return one.asInt() == 3 || one.asInt() == -1;
  }

  /** With both factors, as the import looks for both. */
  private static JsonNode regularizer(JsonNode config) {
    ObjectNode both = NODES.objectNode().put(CLASS_NAME, "L1L2");
    both.putObject(CONFIG)
        .put("l1", config.path("l1").asDouble())
        .put("l2", config.path("l2").asDouble());
    return both;
  }

  /**
   * Takes out what the import puts in and Keras did not say: dropout that keeps everything,
   * channels last of a normalisation, which is of columns then: those of pictures are read first,
   * features last of layers over series, and truncated backpropagation through a series of a given
   * length.
   */
  private static void tidy(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      List<String> keys = new ArrayList<>();
      object.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        if (object.path(key).asText().equals("NWC")) {
          object.put(key, "NCW");
        }
      }
      if (object.has("backpropType")) {
        object.put("backpropType", "Standard");
      }
      if (object.path("idropout").path("p").asDouble() == 1) {
        object.putNull("idropout");
      }
      if (object.has("cnn2DFormat")) {
        object.put("cnn2DFormat", "NCHW");
      }
    }
    tree.forEach(KerasConversion::tidy);
  }

  /** Makes output layers of the connected layers that nothing reads. */
  private static void outputs(JsonNode made) {
    if (made.path("confs").isArray()) {
      output(made.path("confs").path(made.path("confs").size() - 1).path("layer"));
    }
    for (JsonNode name : made.path("networkOutputs")) {
      output(made.path("vertices").path(name.asText()).path("layerConf").path("layer"));
    }
  }

  private static void output(JsonNode layer) {
    if (!(layer instanceof ObjectNode dense) || !dense.path(CLASS).asText().equals(DENSE)) {
      return;
    }
    String activation = dense.path("activationFn").path(CLASS).asText();
    Class<?> loss =
        activation.equals(ActivationSigmoid.class.getName())
            ? LossBinaryXENT.class
            : activation.equals(ActivationSoftmax.class.getName())
                ? LossMCXENT.class
                : activation.equals(ActivationIdentity.class.getName()) ? LossMSE.class : null;
    if (loss != null) {
      dense.put(CLASS, OUTPUT);
      dense.putObject("lossFn").put(CLASS, loss.getName());
    }
  }
}
