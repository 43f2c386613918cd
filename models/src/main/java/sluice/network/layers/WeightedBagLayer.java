package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link WeightedBag} in Deeplearning4j's networks. */
final class WeightedBagLayer extends ReducingLayer<WeightedBag> {
  private static final long serialVersionUID = 1L;

  WeightedBagLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** What is done with a step: its place, the row that it looks up, and its weight. */
  private interface OnStep {
    void accept(int example, int step, int row, double weight);
  }

  private void steps(INDArray in, OnStep use) {
    for (int example = 0; example < in.size(0); example++) {
      for (int step = 0; step < in.size(2); step++) {
        if (isThere(example, step)) {
          use.accept(
              example,
              step,
              layerConf().row(in.getDouble(example, 0, step)),
              in.getDouble(example, 1, step));
        }
      }
    }
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    INDArray table = parameter(WeightedBag.VECTORS, training, workspaces);
    INDArray out = Nd4j.zeros(dataType, in.size(0), layerConf().getNOut());
    steps(
        in,
        (example, step, row, weight) -> out.getRow(example).addi(table.getRow(row).mul(weight)));
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray table = parameter(WeightedBag.VECTORS, true, workspaces);
    INDArray gradient = gradient(WeightedBag.VECTORS).assign(0);
    INDArray below = Nd4j.zeros(dataType, in.shape());
    steps(
        in,
        (example, step, row, weight) -> {
          INDArray delta = epsilon.getRow(example);
          gradient.getRow(row).addi(delta.mul(weight));
          below.putScalar(example, 1, step, table.getRow(row).mul(delta).sumNumber().doubleValue());
        });
    return below;
  }
}
