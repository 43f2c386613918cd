package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link SelfAttention} in Deeplearning4j's networks. */
final class SelfAttentionLayer extends AttentionRuntime<SelfAttention> {
  private static final long serialVersionUID = 1L;

  SelfAttentionLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private Attention attention(INDArray in) {
    return new Attention(layerConf().getHeads(), layerConf().isCausal(), in.size(0), in.size(2));
  }

  private long weights(INDArray in) {
    return in.size(0) * layerConf().getHeads() * in.size(2) * in.size(2);
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray all =
        connected(
            Rows.of(in), Attention.PROJECTIONS, Attention.PROJECTION_BIASES, training, workspaces);
    all = positioned(all, layerConf().isRotary(), attention(in), 1);
    INDArray gathered =
        attention(in)
            .forward(
                all,
                maskArray,
                drawing(training).next(layerConf().getAttentionDropRate(), weights(in)));
    INDArray out =
        connected(gathered, Attention.OUTPUT, Attention.OUTPUT_BIASES, training, workspaces);
    return Rows.like(in, out);
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray rows = Rows.of(in);
    INDArray drawn = drawnBefore().next(layerConf().getAttentionDropRate(), weights(in));
    INDArray all =
        connected(rows, Attention.PROJECTIONS, Attention.PROJECTION_BIASES, true, workspaces);
    all = positioned(all, layerConf().isRotary(), attention(in), 1);
    INDArray gathered = attention(in).forward(all, maskArray, drawn);
    INDArray byGathered =
        connectedBack(
            gathered, Rows.of(epsilon), Attention.OUTPUT, Attention.OUTPUT_BIASES, workspaces);
    INDArray byAll = attention(in).backward(all, byGathered, maskArray, drawn);
    byAll = positioned(byAll, layerConf().isRotary(), attention(in), -1);
    return Rows.like(
        in,
        connectedBack(rows, byAll, Attention.PROJECTIONS, Attention.PROJECTION_BIASES, workspaces));
  }
}
