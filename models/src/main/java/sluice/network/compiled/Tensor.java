package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that operations give and read: for each example an array of this shape in row order, and
 * the gradient of the loss by it.
 *
 * @param shape of one example
 * @param gradient null if no parameter below it learns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Tensor(int[] shape, Block data, @Nullable Block gradient) {
  /** The numbers of an example. */
  int size() {
    return data.size();
  }

  /** The same numbers in another shape. */
  Tensor reshape(int... other) {
    return new Tensor(other, data, gradient);
  }

  /** The shape of some examples. */
  long[] shape(int examples) {
    long[] all = new long[shape.length + 1];
    all[0] = examples;
    Arrays.setAll(all, i -> i == 0 ? examples : shape[i - 1]);
    return all;
  }
}
