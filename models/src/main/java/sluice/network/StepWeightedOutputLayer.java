package sluice.network;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An output layer of series in which a mask over the labels of [examples, steps] is a weight of
 * each step's loss, as {@link ExampleWeightedOutputLayer} has it of each example's.
 */
public final class StepWeightedOutputLayer extends RnnOutputLayer {
  private static final long serialVersionUID = 1L;

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    setLossFn(
        new ExampleWeightedOutputLayer.Weighted(
            ExampleWeightedOutputLayer.unweighted(getLossFn())));
    Layer layer = new InTraining(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(layer.conf(), parameters, initialise));
    return layer;
  }

  /** The layer at work, which leaves what comes before the activation as it is. */
  private static final class InTraining
      extends org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer {
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
}
