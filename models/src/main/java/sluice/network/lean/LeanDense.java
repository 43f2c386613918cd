package sluice.network.lean;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A dense layer that does not compute on its way back what it computed on its way forward. */
public final class LeanDense extends DenseLayer {
  private static final long serialVersionUID = 1L;

  /** Whether it reads the network's input, whose gradient nobody asks for. */
  @JsonProperty private boolean readsInput;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return Lean.layer(
        new InTraining(configuration, type), this, listeners, index, parameters, initialise);
  }

  /** The layer at work. */
  private static final class InTraining
      extends org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer {
    private static final long serialVersionUID = 1L;

    private transient @Nullable INDArray forward;

    InTraining(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      INDArray kept = forward;
      forward = null;
      if (forBackprop && kept != null) {
        return new Pair<>(kept, kept);
      }
      Pair<INDArray, INDArray> computed =
          super.preOutputWithPreNorm(training, forBackprop, workspaces);
      if (training && !forBackprop && !hasLayerNorm()) {
        forward = PreOutput.keep(computed.getFirst(), layerConf(), workspaces);
      }
      return computed;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      if (!((LeanDense) layerConf()).readsInput || hasLayerNorm()) {
        return super.backpropGradient(epsilon, workspaces);
      }
      INDArray z = preOutputWithPreNorm(true, true, workspaces).getFirst();
      INDArray delta = layerConf().getActivationFn().backprop(z, epsilon).getFirst();
      if (maskArray != null) {
        applyMask(delta);
      }
      Gradient gradient = new DefaultGradient();
      if (hasBias()) {
        INDArray bias = requireNonNull(gradientViews.get(DefaultParamInitializer.BIAS_KEY));
        delta.sum(bias, 0);
        gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
      }
      INDArray weights = requireNonNull(gradientViews.get(DefaultParamInitializer.WEIGHT_KEY));
      Nd4j.gemm(input.castTo(weights.dataType()), delta, weights, true, false, 1, 0);
      gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
      weightNoiseParams.clear();
      if (layerConf().getIDropout() != null) {
        layerConf().getIDropout().clear();
      }
      return new Pair<>(gradient, null);
    }

    @Override
    public void clear() {
      super.clear();
      forward = null;
    }
  }
}
