package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that operations give and read: for each example an array of this shape in row order, and
 * the gradient of the loss by it.
 *
 * @param shape of one example: [features, steps] of a series
 * @param gradient null if no parameter below it learns
 * @param mask over the steps of a series; nothing sets that of another value
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Tensor(int[] shape, Block data, @Nullable Block gradient, StepMask mask) {
  Tensor(int[] shape, Block data, @Nullable Block gradient) {
    this(shape, data, gradient, new StepMask(shape[shape.length - 1]));
  }

  /** The numbers of an example. */
  int size() {
    return data.size();
  }

  /** The same numbers in another shape. */
  Tensor reshape(int... other) {
    return new Tensor(other, data, gradient);
  }

  /** The same value under a mask over as many steps. */
  Tensor masked(StepMask other) {
    return new Tensor(shape, data, gradient, other);
  }

  /** Whether it is a series, [features, steps]. */
  boolean isSeries() {
    return shape.length == 2;
  }

  /** The shape of some examples. */
  long[] shape(int examples) {
    long[] all = new long[shape.length + 1];
    all[0] = examples;
    Arrays.setAll(all, i -> i == 0 ? examples : shape[i - 1]);
    return all;
  }
}
