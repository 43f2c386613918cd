package sluice.network.compiled;

/** GELU by its hyperbolic tangent (Hendrycks and Gimpel 2016), as x sigmoid(2 u). */
final class Gelu {
  private static final float SLOPE = 0.7978846f;
  private static final float CUBE = 0.044715f;

  private Gelu() {}

  static void forward(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float v = x[i];
      y[i] = v * Exponentials.sigmoid(2 * SLOPE * (v + CUBE * v * v * v));
    }
  }

  /**
   * Multiplies gradients by the derivative, in two loops: one of both is not vectorised.
   *
   * @param scratch as long as {@code x}
   */
  static void backward(float[] x, float[] d, int count, float[] scratch) {
    for (int i = 0; i < count; i++) {
      float v = x[i];
      scratch[i] = Exponentials.sigmoid(2 * SLOPE * (v + CUBE * v * v * v));
    }
    for (int i = 0; i < count; i++) {
      float v = x[i];
      float sigmoid = scratch[i];
      float inner = SLOPE * (1 + 3 * CUBE * v * v);
      d[i] *= sigmoid + 2 * v * sigmoid * (1 - sigmoid) * inner;
    }
  }
}
