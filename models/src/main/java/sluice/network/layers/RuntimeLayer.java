package sluice.network.layers;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.HashMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer at work in Deeplearning4j's networks. Subclasses compute; this class sees to dropout,
 * masks and workspaces. What a mask leaves out is zero in what the layer gives, and in the gradient
 * that it takes.
 */
abstract class RuntimeLayer<C extends FeedForwardLayer> extends BaseLayer<C> {
  private static final long serialVersionUID = 1L;

  RuntimeLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** The layer with its listeners and parameters. */
  final Layer with(
      Collection<TrainingListener> listeners,
      int position,
      @Nullable INDArray parameters,
      boolean initialise) {
    setListeners(listeners);
    setIndex(position);
    setParamsViewArray(parameters);
    setParamTable(
        parameters == null
            ? new HashMap<>()
            : ParameterArrays.INSTANCE.init(conf(), parameters, initialise));
    return this;
  }

  /**
   * What the layer gives.
   *
   * @param in which it leaves as it is
   */
  abstract INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces);

  /**
   * Overwrites the gradients of all parameters, and gives the gradient by what was read.
   *
   * @param in as {@link #forward} had it in training
   * @param epsilon the gradient by what the layer gave, which it leaves as it is
   */
  abstract INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces);

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaces);
    INDArray out = masked(forward(input.castTo(dataType), training, workspaces));
    return workspaces.leverageTo(ArrayType.ACTIVATIONS, out);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    applyDropOutIfNecessary(true, workspaces);
    INDArray below = backward(input.castTo(dataType), masked(epsilon.castTo(dataType)), workspaces);
    weightNoiseParams.clear();
    Gradient gradients = new DefaultGradient();
    for (ParameterArray array : ParameterArrays.of(layerConf())) {
      gradients.setGradientFor(array.name(), gradient(array.name()), array.order());
    }
    below = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, below);
    return new Pair<>(gradients, backpropDropOutIfPresent(below));
  }

  /** The gradient of a parameter, to be overwritten. */
  INDArray gradient(String name) {
    return requireNonNull(gradientViews.get(name));
  }

  INDArray parameter(String name, boolean training, LayerWorkspaceMgr workspaces) {
    return requireNonNull(getParamWithNoise(name, training, workspaces));
  }

  /** The array without what the mask leaves out, which has a number for each example or step. */
  private INDArray masked(INDArray array) {
    @Nullable INDArray mask = maskArray;
    if (mask == null) {
      return array;
    }
    if (array.rank() == 2) {
      return array.mulColumnVector(mask.castTo(dataType));
    }
    INDArray steps = mask.castTo(dataType).reshape(mask.size(0), 1, mask.length() / mask.size(0));
    return array.mul(steps.broadcast(array.shape()));
  }

  /** By the layout of each array, where Deeplearning4j takes columns for granted. */
  @Override
  public void setParams(INDArray parameters) {
    if (parameters != paramsFlattened) {
      paramsFlattened.assign(parameters.reshape(paramsFlattened.shape()));
    }
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }
}
