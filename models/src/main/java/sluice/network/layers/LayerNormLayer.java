package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link LayerNorm} in Deeplearning4j's networks. */
final class LayerNormLayer extends RuntimeLayer<LayerNorm> {
  private static final long serialVersionUID = 1L;

  LayerNormLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private Normalised normalised(INDArray in) {
    return Normalised.of(Rows.of(in), layerConf().getEpsilon());
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    return Rows.like(
        in,
        normalised(in)
            .scaled(
                parameter(LayerNorm.GAIN, training, workspaces),
                parameter(LayerNorm.BIAS, training, workspaces)));
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    return Rows.like(
        in,
        normalised(in)
            .backward(
                Rows.of(epsilon),
                parameter(LayerNorm.GAIN, true, workspaces),
                gradient(LayerNorm.GAIN),
                gradient(LayerNorm.BIAS)));
  }
}
