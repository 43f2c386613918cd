package sluice.network.lean;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.network.FloatArrays;

/**
 * The gradient of a convolution's weights as a product of matrices: the patches of the pictures
 * that each weight meets, by the gradient of what comes out (Chellapilla, Puri and Simard 2006). A
 * row of ones among the patches brings the gradient of the biases.
 */
final class WeightGradient {
  /** So many numbers of patches are made at a time, or those of one picture. */
  private static final int MOST = 1 << 20;

  private final int[] kernel;
  private final int[] stride;
  private final boolean bias;
  private float[] patches = new float[0];
  private float[] deltas = new float[0];

  WeightGradient(int[] kernel, int[] stride, boolean bias) {
    this.kernel = kernel;
    this.stride = stride;
    this.bias = bias;
  }

  /**
   * For each output channel the gradients of its weights, in the order [channel, row, column], and
   * of its bias, if there are biases.
   *
   * @param inputs pictures [examples, channels, height, width]
   * @param delta the gradient of what comes out [examples, outputs, height, width]
   * @param padding rows above and columns left of a picture
   */
  float[] of(float[] inputs, long[] inputShape, float[] delta, long[] deltaShape, int[] padding) {
    int examples = (int) inputShape[0];
    int outputs = (int) deltaShape[1];
    Patches seen =
        new Patches(
            (int) inputShape[1],
            (int) inputShape[2],
            (int) inputShape[3],
            kernel,
            stride,
            padding,
            (int) deltaShape[2],
            (int) deltaShape[3]);
    int places = seen.places();
    int weights = seen.rows();
    int rows = bias ? weights + 1 : weights;
    int most = Math.max(1, Math.min(examples, MOST / (rows * places)));
    patches = room(patches, rows * most * places);
    deltas = room(deltas, outputs * most * places);
    float[] sum = new float[rows * outputs];
    for (int first = 0; first < examples; first += most) {
      int count = Math.min(most, examples - first);
      int columns = count * places;
      for (int example = 0; example < count; example++) {
        seen.gather(inputs, first + example, patches, example * places, columns);
        for (int output = 0; output < outputs; output++) {
          System.arraycopy(
              delta,
              ((first + example) * outputs + output) * places,
              deltas,
              output * columns + example * places,
              places);
        }
      }
      if (bias) {
        Arrays.fill(patches, weights * columns, rows * columns, 1);
      }
      add(product(rows, outputs, columns), sum);
    }
    return sum;
  }

  private float[] product(int rows, int outputs, int columns) {
    try (INDArray left = FloatArrays.create(patches, rows, columns);
        INDArray right = FloatArrays.create(deltas, outputs, columns);
        INDArray product = Nd4j.createUninitialized(new long[] {rows, outputs}, 'f')) {
      Nd4j.gemm(left, right, product, false, true, 1, 0);
      return FloatArrays.copy(product.transpose());
    }
  }

  private static void add(float[] some, float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += some[i];
    }
  }

  private static float[] room(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }
}
