package sluice.network;

import java.util.Collection;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * An output layer in which a mask over the labels of [examples, 1] is a weight of each example's
 * loss. In Deeplearning4j's own the mask also multiplies what comes before the activation, and the
 * gradient of a single output twice: for masks of zeros and ones it comes to the same, but weights
 * make another loss small. Other masks mean what they mean there.
 */
public final class ExampleWeightedOutputLayer extends OutputLayer {
  private static final long serialVersionUID = 1L;

  /** Where Deeplearning4j's JSON has the class of an object. */
  private static final String CLASS = "@class";

  /**
   * The same network with these layers for Deeplearning4j's output layers, and {@link
   * StepWeightedOutputLayer}s for those of series.
   */
  public static MultiLayerConfiguration in(MultiLayerConfiguration configuration) {
    MultiLayerConfiguration copy =
        MultiLayerConfiguration.fromJson(replaced(configuration.toJson()));
    for (int i = 0; i < copy.getConfs().size(); i++) {
      keepVariance(configuration.getConf(i).getLayer(), copy.getConf(i).getLayer());
    }
    return copy;
  }

  /** {@link #in(MultiLayerConfiguration)} of a graph. */
  public static ComputationGraphConfiguration in(ComputationGraphConfiguration configuration) {
    ComputationGraphConfiguration copy =
        ComputationGraphConfiguration.fromJson(replaced(configuration.toJson()));
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex of
                  && copy.getVertices().get(name) instanceof LayerVertex own) {
                keepVariance(of.getLayerConf().getLayer(), own.getLayerConf().getLayer());
              }
            });
    return copy;
  }

  /**
   * Deeplearning4j's reader goes by the names of a batch norm's parameters, which a network gives
   * it when it makes its weights: without them it takes variances for logarithms of deviations.
   */
  private static void keepVariance(
      org.deeplearning4j.nn.conf.layers.Layer from, org.deeplearning4j.nn.conf.layers.Layer to) {
    if (from instanceof BatchNormalization own && to instanceof BatchNormalization read) {
      read.setUseLogStd(own.isUseLogStd());
    } else if (from instanceof FrozenLayer own && to instanceof FrozenLayer read) {
      keepVariance(own.getLayer(), read.getLayer());
    }
  }

  private static String replaced(String json) {
    ObjectMapper mapper = NeuralNetConfiguration.mapper();
    try {
      JsonNode tree = mapper.readTree(json);
      replace(tree);
      return tree.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Deeplearning4j wrote JSON that is none", e);
    }
  }

  private static void replace(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      String type = object.path(CLASS).asText();
      if (type.equals(OutputLayer.class.getName())) {
        object.put(CLASS, ExampleWeightedOutputLayer.class.getName());
      } else if (type.equals(RnnOutputLayer.class.getName())) {
        object.put(CLASS, StepWeightedOutputLayer.class.getName());
      }
    }
    Consumer<JsonNode> deeper = ExampleWeightedOutputLayer::replace;
    tree.forEach(deeper);
  }

  /** The loss of an example without its weight. */
  public ILossFunction unweightedLoss() {
    return unweighted(getLossFn());
  }

  /** A loss without what multiplies it by weights. */
  public static ILossFunction unweighted(ILossFunction loss) {
    return loss instanceof Weighted weighted ? weighted.loss() : loss;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    setLossFn(new Weighted(unweightedLoss()));
    Layer layer = new InTraining(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(layer.conf(), parameters, initialise));
    return layer;
  }

  /** The layer at work, which leaves what comes before the activation as it is. */
  static class InTraining extends org.deeplearning4j.nn.layers.OutputLayer {
    private static final long serialVersionUID = 1L;

    InTraining(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      INDArray mask = maskArray;
      maskArray = null;
      try {
        return super.preOutputWithPreNorm(training, forBackprop, workspaces);
      } finally {
        maskArray = mask;
      }
    }
  }

  /** A loss that is multiplied by a mask of [examples, 1], once; other masks are the loss's own. */
  record Weighted(ILossFunction loss) implements ILossFunction {

    private static boolean weighs(@Nullable INDArray mask) {
      return mask != null && mask.rank() == 2 && mask.size(1) == 1;
    }

    @Override
    public double computeScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activation,
        @Nullable INDArray mask,
        boolean average) {
      if (!weighs(mask)) {
        return loss.computeScore(labels, preOutput, activation, mask, average);
      }
      double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
      return average ? sum / labels.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
        INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
      return weighs(mask)
          ? loss.computeScoreArray(labels, preOutput, activation, null)
              .reshape(labels.size(0), 1)
              .muli(mask)
          : loss.computeScoreArray(labels, preOutput, activation, mask);
    }

    @Override
    public INDArray computeGradient(
        INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
      return weighs(mask)
          ? loss.computeGradient(labels, preOutput, activation, null).muliColumnVector(mask)
          : loss.computeGradient(labels, preOutput, activation, mask);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activation,
        @Nullable INDArray mask,
        boolean average) {
      return new Pair<>(
          computeScore(labels, preOutput, activation, mask, average),
          computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
      return loss.name();
    }
  }
}
