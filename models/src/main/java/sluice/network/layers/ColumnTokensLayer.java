package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link ColumnTokens} in Deeplearning4j's networks. */
final class ColumnTokensLayer extends RuntimeLayer<ColumnTokens> {
  private static final long serialVersionUID = 1L;

  ColumnTokensLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private int numbers() {
    return layerConf().getNumbers().size();
  }

  private int row(INDArray in, int example, int category) {
    return layerConf().row(category, in.getDouble(example, numbers() + category));
  }

  /** The tokens of a column, [examples, dimension], in what holds all of them. */
  private static INDArray tokens(INDArray all, int column) {
    return all.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(column));
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    int columns = layerConf().columns();
    INDArray out = Nd4j.zeros(dataType, in.size(0), layerConf().getNOut(), columns + 1L);
    INDArray biases = parameter(ColumnTokens.BIASES, training, workspaces);
    for (int column = 0; column < columns; column++) {
      INDArray tokens;
      if (column < numbers()) {
        INDArray vectors = parameter(ColumnTokens.VECTORS, training, workspaces);
        tokens = in.getColumn(column, true).dup().mmul(vectors.getRow(column, true));
      } else {
        int category = column - numbers();
        INDArray table = parameter(ColumnTokens.table(category), training, workspaces);
        tokens = Nd4j.createUninitialized(dataType, in.size(0), layerConf().getNOut());
        for (int i = 0; i < in.size(0); i++) {
          tokens.getRow(i).assign(table.getRow(row(in, i, category)));
        }
      }
      tokens(out, column).assign(tokens.addiRowVector(biases.getRow(column, true)));
    }
    INDArray example = parameter(ColumnTokens.EXAMPLE, training, workspaces);
    tokens(out, columns).addiRowVector(example);
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    int columns = layerConf().columns();
    INDArray below = Nd4j.zeros(dataType, in.shape());
    for (int column = 0; column < columns; column++) {
      INDArray delta = tokens(epsilon, column).dup();
      gradient(ColumnTokens.BIASES).getRow(column, true).assign(delta.sum(true, 0));
      if (column < numbers()) {
        INDArray x = in.getColumn(column, true).dup();
        gradient(ColumnTokens.VECTORS).getRow(column, true).assign(x.transpose().mmul(delta));
        INDArray vector =
            parameter(ColumnTokens.VECTORS, true, workspaces).getRow(column, true).dup();
        below.getColumn(column, true).assign(delta.mmul(vector.transpose()));
      } else {
        int category = column - numbers();
        INDArray table = gradient(ColumnTokens.table(category)).assign(0);
        for (int i = 0; i < in.size(0); i++) {
          table.getRow(row(in, i, category)).addi(delta.getRow(i));
        }
      }
    }
    gradient(ColumnTokens.EXAMPLE).assign(tokens(epsilon, columns).sum(true, 0));
    return below;
  }
}
