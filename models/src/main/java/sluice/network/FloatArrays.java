package sluice.network;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;

/**
 * Copies between plain arrays and native ones, in bulk: ND4J itself puts and gets one element at a
 * time. Plain arrays are how parameters travel and are kept: they cost far less than serialising an
 * INDArray, and a broadcast INDArray is closed behind the reader's back.
 */
public final class FloatArrays {
  private FloatArrays() {}

  /** The values in row order. */
  public static float[] copy(INDArray array) {
    try (INDArray dense = array.dup('c')) {
      float[] values = new float[Math.toIntExact(dense.length())];
      Nd4j.getAffinityManager().ensureLocation(dense, AffinityManager.Location.HOST);
      dense.data().asNioFloat().get(values);
      return values;
    }
  }

  /**
   * Overwrites an array that is a matrix in row order, nothing's view, with at least as many values
   * as it holds; what is left over is not looked at.
   */
  public static void fill(INDArray array, float[] values) {
    array.data().asNioFloat().put(values, 0, Math.toIntExact(array.length()));
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }

  /** A new array in row order with these values. */
  public static INDArray create(float[] values, long... shape) {
    Natives.load();
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    fill(array, values);
    return array;
  }

  /** Overwrites an array, or the view of one, with as many values. */
  static void assign(INDArray view, float[] values, String what) {
    if (view.length() != values.length) {
      throw InvalidInput.data(
          "the network has %d %s, got %d".formatted(view.length(), what, values.length));
    }
    try (INDArray array = create(values, view.shape())) {
      view.assign(array);
    }
  }
}
