package sluice.network.layers;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Series in Deeplearning4j's layout, [examples, features, time], as matrices of their steps. */
final class Rows {
  private Rows() {}

  /** [examples * time, features] of a series; a matrix is given back as it is. */
  static INDArray of(INDArray array) {
    return array.rank() == 2
        ? array
        : array
            .permute(0, 2, 1)
            .dup('c')
            .reshape('c', array.size(0) * array.size(2), array.size(1));
  }

  /** The way back: rows of another number of features in the shape of the array. */
  static INDArray like(INDArray array, INDArray rows) {
    return array.rank() == 2
        ? rows
        : rows.dup('c')
            .reshape('c', array.size(0), array.size(2), rows.size(1))
            .permute(0, 2, 1)
            .dup('c');
  }
}
