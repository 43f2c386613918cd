package sluice.network.compiled;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Numbers of ND4J's arrays in row order. */
final class Numbers {
  private Numbers() {}

  /** The array itself if its numbers lie in row order, else a copy of which they do. */
  static INDArray rows(INDArray array) {
    boolean lie =
        array.ordering() == 'c'
            && array.dataType() == DataType.FLOAT
            && Shape.hasDefaultStridesForShape(array);
    return lie ? array : array.castTo(DataType.FLOAT).dup('c');
  }

  static float[] of(INDArray array) {
    INDArray rows = rows(array);
    float[] numbers = new float[Math.toIntExact(rows.length())];
    rows.data().asNioFloat().get(numbers);
    return numbers;
  }
}
