package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link LastStep} in Deeplearning4j's networks. */
final class LastStepLayer extends SeriesEnd<LastStep> {
  private static final long serialVersionUID = 1L;

  LastStepLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private static INDArray step(INDArray series, int example, int step) {
    return series.get(
        NDArrayIndex.point(example), NDArrayIndex.all(), NDArrayIndex.point((long) step));
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray out = Nd4j.zeros(dataType, in.size(0), in.size(1));
    for (int example = 0; example < in.size(0); example++) {
      int length = length(in, example);
      if (length > 0) {
        out.getRow(example).assign(step(in, example, length - 1));
      }
    }
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray below = Nd4j.zeros(dataType, in.shape());
    for (int example = 0; example < in.size(0); example++) {
      int length = length(in, example);
      if (length > 0) {
        step(below, example, length - 1).assign(epsilon.getRow(example));
      }
    }
    return below;
  }
}
