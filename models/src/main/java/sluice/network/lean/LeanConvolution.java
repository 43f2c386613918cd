package sluice.network.lean;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolutional layer that does not compute on its way back what it computed on its way forward.
 */
public final class LeanConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    InTraining layer = new InTraining(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    layer.setConf(configuration);
    return layer;
  }

  /** The layer at work. */
  private static final class InTraining
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Pair<INDArray, INDArray> forward;

    InTraining(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
    }

    @Override
    protected Pair<INDArray, INDArray> preOutput(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      Pair<INDArray, INDArray> kept = forward;
      forward = null;
      if (forBackprop && kept != null) {
        return kept;
      }
      Pair<INDArray, INDArray> computed = super.preOutput(training, forBackprop, workspaces);
      if (training && !forBackprop) {
        forward = new Pair<>(PreOutput.keep(computed.getFirst(), layerConf(), workspaces), null);
      }
      return computed;
    }

    @Override
    public void clear() {
      super.clear();
      forward = null;
    }
  }
}
