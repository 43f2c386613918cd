package sluice.network.lean;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The configuration of a network in which some classes of Deeplearning4j are replaced by subclasses
 * of this package. A network built from it has the same parameters in the same places, and a step
 * changes them in the same way, only sooner:
 *
 * <ul>
 *   <li>dense and convolutional layers keep what they computed on the way forward for the way back,
 *       where Deeplearning4j's compute it again;
 *   <li>one that only reads the network's input leaves out the gradient of that input;
 *   <li>the derivative of the rectifier, and Adam, run over their arrays in vectorised passes.
 * </ul>
 *
 * <p>A mask over the labels is a weight of each example's loss in these networks, which in
 * Deeplearning4j's own it is for zeros and ones only.
 *
 * <p>All of it is for replicas that train. What is saved, and what predicts, are Deeplearning4j's
 * own classes.
 */
public final class Lean {
  private static final String CLASS = "@class";
  private static final String READS_INPUT = "readsInput";

  private static final Map<String, String> REPLACED =
      Map.of(
          DenseLayer.class.getName(), LeanDense.class.getName(),
          ConvolutionLayer.class.getName(), LeanConvolution.class.getName(),
          ActivationReLU.class.getName(), LeanRelu.class.getName(),
          Adam.class.getName(), LeanAdam.class.getName(),
          OutputLayer.class.getName(), WeighingOutput.class.getName());

  /** Of those, what is not for speed. */
  private static final Set<String> ANYWHERE = Set.of(OutputLayer.class.getName());

  private Lean() {}

  /** The same network as it is, but for the weights of examples. */
  public static MultiLayerConfiguration weighing(MultiLayerConfiguration configuration) {
    return MultiLayerConfiguration.fromJson(replaced(configuration.toJson(), ANYWHERE).toString());
  }

  /** The same network as it is, but for the weights of examples. */
  public static ComputationGraphConfiguration weighing(
      ComputationGraphConfiguration configuration) {
    return ComputationGraphConfiguration.fromJson(
        replaced(configuration.toJson(), ANYWHERE).toString());
  }

  /** The same network, lean. */
  public static MultiLayerConfiguration of(MultiLayerConfiguration configuration) {
    ObjectNode tree = replaced(configuration.toJson(), REPLACED.keySet());
    readsInput(
        tree.path("confs").path(0).path("layer"),
        configuration.getInputPreProcessors().containsKey(0));
    return MultiLayerConfiguration.fromJson(tree.toString());
  }

  /** The same network, lean. */
  public static ComputationGraphConfiguration of(ComputationGraphConfiguration configuration) {
    ObjectNode tree = replaced(configuration.toJson(), REPLACED.keySet());
    Map<String, List<String>> inputs = configuration.getVertexInputs();
    inputs.forEach(
        (name, read) -> {
          JsonNode vertex = tree.path("vertices").path(name);
          if (read.size() == 1
              && configuration.getNetworkInputs().contains(read.get(0))
              // A gradient that several vertices add to must come from all of them or from none.
              && inputs.values().stream().filter(other -> other.contains(read.get(0))).count()
                  == 1) {
            readsInput(
                vertex.path("layerConf").path("layer"), !vertex.path("preProcessor").isNull());
          }
        });
    return ComputationGraphConfiguration.fromJson(tree.toString());
  }

  /** Makes a layer ready for work, as the configurations of Deeplearning4j's own layers do. */
  static Layer layer(
      Layer layer,
      BaseLayer configured,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise) {
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(configured.initializer().init(layer.conf(), parameters, initialise));
    return layer;
  }

  private static void readsInput(JsonNode layer, boolean reshaped) {
    String type = layer.path(CLASS).asText();
    // A dense layer hands back no gradient at all, which what reshapes its input could not take.
    if (type.equals(LeanConvolution.class.getName())
        || (type.equals(LeanDense.class.getName()) && !reshaped)) {
      ((ObjectNode) layer).put(READS_INPUT, true);
    }
  }

  private static ObjectNode replaced(String json, Set<String> types) {
    ObjectMapper mapper = NeuralNetConfiguration.mapper();
    try {
      JsonNode tree = mapper.readTree(json);
      replace(tree, types);
      return (ObjectNode) tree;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Deeplearning4j wrote JSON that is none", e);
    }
  }

  private static void replace(JsonNode tree, Set<String> types) {
    if (tree instanceof ObjectNode object && types.contains(object.path(CLASS).asText())) {
      object.put(CLASS, REPLACED.get(object.path(CLASS).asText()));
    }
    Consumer<JsonNode> deeper = below -> replace(below, types);
    tree.forEach(deeper);
  }
}
