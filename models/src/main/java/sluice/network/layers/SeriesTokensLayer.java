package sluice.network.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link SeriesTokens} in Deeplearning4j's networks. */
final class SeriesTokensLayer extends RuntimeLayer<SeriesTokens> {
  private static final long serialVersionUID = 1L;

  SeriesTokensLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  private boolean isIndexed() {
    return layerConf().getVocabulary() > 0;
  }

  private boolean isThere(int example, int step) {
    INDArray mask = maskArray;
    return mask == null || mask.getDouble(example, step) != 0;
  }

  /** How far positions are needed. */
  private void requirePositions(INDArray in) {
    int longest = 0;
    for (int example = 0; example < in.size(0); example++) {
      for (int step = 0; step < in.size(2); step++) {
        longest = isThere(example, step) ? Math.max(longest, step + 1) : longest;
      }
    }
    layerConf().requirePositions(longest);
  }

  /** What is done with a row of a table and the row of tokens that it is part of. */
  private interface OnRow {
    void accept(INDArray tableRow, int token);
  }

  private void rows(INDArray in, String name, INDArray table, OnRow use) {
    for (int example = 0; example < in.size(0); example++) {
      for (int step = 0; step < in.size(2); step++) {
        if (isThere(example, step)) {
          int row =
              switch (name) {
                case SeriesTokens.POSITIONS -> step;
                case SeriesTokens.SEGMENTS ->
                    in.size(1) == 1 ? 0 : layerConf().segment(in.getDouble(example, 1, step));
                default -> layerConf().row(in.getDouble(example, 0, step));
              };
          use.accept(table.getRow(row), (int) (example * in.size(2)) + step);
        }
      }
    }
  }

  @Override
  INDArray forward(INDArray in, boolean training, LayerWorkspaceMgr workspaces) {
    requirePositions(in);
    INDArray tokens = Nd4j.zeros(dataType, in.size(0) * in.size(2), layerConf().getNOut());
    for (ParameterArray array : layerConf().parameters()) {
      INDArray parameter = parameter(array.name(), training, workspaces);
      if (array.name().equals(SeriesTokens.BIAS)) {
        tokens.addiRowVector(parameter);
      } else if (array.name().equals(SeriesTokens.VECTORS) && !isIndexed()) {
        tokens.addi(Rows.of(in).mmul(parameter));
      } else {
        rows(in, array.name(), parameter, (row, token) -> tokens.getRow(token).addi(row));
      }
    }
    return Rows.like(in, tokens);
  }

  @Override
  INDArray backward(INDArray in, INDArray epsilon, LayerWorkspaceMgr workspaces) {
    INDArray byTokens = Rows.of(epsilon);
    INDArray below = Nd4j.zeros(dataType, in.shape());
    for (ParameterArray array : layerConf().parameters()) {
      INDArray gradient = gradient(array.name());
      if (array.name().equals(SeriesTokens.BIAS)) {
        gradient.assign(byTokens.sum(0));
      } else if (array.name().equals(SeriesTokens.VECTORS) && !isIndexed()) {
        gradient.assign(Rows.of(in).transpose().mmul(byTokens));
        INDArray weights = parameter(SeriesTokens.VECTORS, true, workspaces);
        below = Rows.like(in, byTokens.mmul(weights.transpose()));
      } else {
        gradient.assign(0);
        rows(in, array.name(), gradient, (row, token) -> row.addi(byTokens.getRow(token)));
      }
    }
    return below;
  }
}
