package sluice.network.compiled;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;

/** What inverted dropout multiplies numbers by, drawn as Deeplearning4j draws it. */
final class DropoutMask {
  private final double keep;
  private float[] factors = {};
  private final float[] piece = new float[Loops.CHUNK];

  /**
   * @param keep the share that is not dropped
   */
  DropoutMask(double keep) {
    this.keep = keep;
  }

  /** Draws for so many numbers, from the generator of this thread. */
  void draw(int size) {
    if (factors.length < size) {
      factors = new float[size];
    }
    try (INDArray drawn = Nd4j.ones(DataType.FLOAT, size)) {
      Nd4j.getExecutioner().exec(new DropOutInverted(drawn, drawn, keep));
      drawn.data().asNioFloat().get(factors, 0, size);
    }
  }

  /** Multiplies numbers by the factors from one on. */
  void multiply(float[] numbers, int from, int count) {
    multiply(numbers, 0, from, count);
  }

  /** Multiplies the numbers from one on by the factors from another on. */
  void multiply(float[] numbers, int first, int from, int count) {
    for (int at = 0; at < count; at += piece.length) {
      int length = Math.min(piece.length, count - at);
      System.arraycopy(factors, from + at, piece, 0, length);
      multiply(numbers, first + at, piece, length);
    }
  }

  private static void multiply(float[] numbers, int at, float[] by, int count) {
    for (int i = 0; i < count; i++) {
      numbers[at + i] *= by[i];
    }
  }
}
