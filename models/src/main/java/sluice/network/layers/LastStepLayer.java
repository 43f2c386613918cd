package sluice.network.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link LastStep} in Deeplearning4j's networks. */
final class LastStepLayer extends RuntimeLayer<LastStep> {
  private static final long serialVersionUID = 1L;

  LastStepLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private static INDArrayIndex[] last(INDArray series) {
    return new INDArrayIndex[] {
      NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(series.size(2) - 1)
    };
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    return in.get(last(in)).dup('c');
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray below = Nd4j.zeros(dataType, in.shape());
    below.get(last(in)).assign(epsilon);
    return below;
  }

  /** A mask over steps ends here. */
  @Override
  public Pair<@Nullable INDArray, @Nullable MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int examples) {
    return new Pair<>(null, null);
  }
}
