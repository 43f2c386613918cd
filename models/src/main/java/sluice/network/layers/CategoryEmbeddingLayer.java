package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link CategoryEmbedding} in Deeplearning4j's networks. */
final class CategoryEmbeddingLayer extends RuntimeLayer<CategoryEmbedding> {
  private static final long serialVersionUID = 1L;

  CategoryEmbeddingLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private int[] rows(INDArray in, int column) {
    double[] indices = in.getColumn(column).toDoubleVector();
    int[] rows = new int[indices.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = layerConf().row(column, indices[i]);
    }
    return rows;
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    int[] dimensions = layerConf().getDimensions();
    INDArray out = Nd4j.createUninitialized(dataType, in.size(0), layerConf().getNOut());
    int at = 0;
    for (int column = 0; column < dimensions.length; column++) {
      INDArray table = parameter(CategoryEmbedding.table(column), training, workspaces);
      int[] rows = rows(in, column);
      INDArray vectors = out.get(NDArrayIndex.all(), columns(at, dimensions[column]));
      for (int i = 0; i < rows.length; i++) {
        vectors.getRow(i).assign(table.getRow(rows[i]));
      }
      at += dimensions[column];
    }
    return out;
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    int[] dimensions = layerConf().getDimensions();
    int at = 0;
    for (int column = 0; column < dimensions.length; column++) {
      INDArray gradient = gradient(CategoryEmbedding.table(column)).assign(0);
      int[] rows = rows(in, column);
      INDArray vectors = epsilon.get(NDArrayIndex.all(), columns(at, dimensions[column]));
      for (int i = 0; i < rows.length; i++) {
        gradient.getRow(rows[i]).addi(vectors.getRow(i));
      }
      at += dimensions[column];
    }
    return Nd4j.zeros(dataType, in.shape());
  }

  private static org.nd4j.linalg.indexing.INDArrayIndex columns(int at, int count) {
    return NDArrayIndex.interval(at, at + count);
  }
}
