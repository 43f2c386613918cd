package sluice.network.compiled;

/** Layer normalisation of rows in heap arrays; see {@link sluice.network.layers.LayerNorm}. */
final class RowNorm {
  private RowNorm() {}

  /**
   * Normalises rows.
   *
   * @param x what is normalised, and becomes of mean 0 and variance 1
   * @param y overwritten by that times the gain and plus the bias
   * @param inverse overwritten, from {@code at} on, by what each centred row was multiplied by
   */
  static void forward(
      float[] x,
      float[] y,
      int rows,
      int width,
      float[] gain,
      float[] bias,
      float epsilon,
      float[] inverse,
      int at) {
    for (int row = 0; row < rows; row++) {
      int from = row * width;
      subtract(x, from, width, sum(x, from, width) / width);
      float variance = Loops.dot(x, from, x, from, width) / width;
      float factor = (float) (1 / Math.sqrt(variance + epsilon));
      inverse[at + row] = factor;
      scale(x, from, width, factor, gain, bias, y);
    }
  }

  /**
   * Goes back.
   *
   * @param d the gradient by what {@link #forward} gave, overwritten by that by what it read
   * @param x as forward left it
   * @param gainSums to which the gradient of the gain is added
   * @param biasSums likewise
   */
  static void backward(
      float[] d,
      float[] x,
      int rows,
      int width,
      float[] gain,
      float[] inverse,
      int at,
      float[] gainSums,
      float[] biasSums) {
    for (int row = 0; row < rows; row++) {
      int from = row * width;
      accumulate(d, x, from, width, gainSums, biasSums);
      multiply(d, from, width, gain);
      float mean = sum(d, from, width) / width;
      float along = Loops.dot(d, from, x, from, width) / width;
      project(d, x, from, width, mean, along, inverse[at + row]);
    }
  }

  private static float sum(float[] x, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i < count - 3; i += 4) {
      a += x[from + i];
      b += x[from + i + 1];
      c += x[from + i + 2];
      d += x[from + i + 3];
    }
    for (; i < count; i++) {
      a += x[from + i];
    }
    return a + b + (c + d);
  }

  private static void subtract(float[] x, int from, int width, float mean) {
    for (int i = 0; i < width; i++) {
      x[from + i] -= mean;
    }
  }

  private static void scale(
      float[] x, int from, int width, float factor, float[] gain, float[] bias, float[] y) {
    for (int i = 0; i < width; i++) {
      float normal = x[from + i] * factor;
      x[from + i] = normal;
      y[from + i] = normal * gain[i] + bias[i];
    }
  }

  private static void accumulate(
      float[] d, float[] x, int from, int width, float[] gainSums, float[] biasSums) {
    for (int i = 0; i < width; i++) {
      gainSums[i] += d[from + i] * x[from + i];
      biasSums[i] += d[from + i];
    }
  }

  private static void multiply(float[] d, int from, int width, float[] gain) {
    for (int i = 0; i < width; i++) {
      d[from + i] *= gain[i];
    }
  }

  private static void project(
      float[] d, float[] x, int from, int width, float mean, float along, float factor) {
    for (int i = 0; i < width; i++) {
      d[from + i] = (d[from + i] - mean - x[from + i] * along) * factor;
    }
  }
}
