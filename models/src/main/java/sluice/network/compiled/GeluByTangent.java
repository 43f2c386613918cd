package sluice.network.compiled;

/** {@link sluice.network.layers.TanhGelu}, as x sigmoid(2 u). */
final class GeluByTangent implements Gelu {
  private static final float SLOPE = 0.7978846f;
  private static final float CUBE = 0.044715f;

  @Override
  public void forward(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float v = x[i];
      y[i] = v * Exponentials.sigmoid(2 * SLOPE * (v + CUBE * v * v * v));
    }
  }

  @Override
  public void forwardWithSlopes(float[] x, float[] y, int count) {
    sigmoids(x, y, count);
    for (int i = 0; i < count; i++) {
      float v = x[i];
      float sigmoid = y[i];
      x[i] = slope(v, sigmoid);
      y[i] = v * sigmoid;
    }
  }

  /** In two loops: one of both is not vectorised. */
  @Override
  public void backward(float[] x, float[] d, int count, float[] scratch) {
    sigmoids(x, scratch, count);
    for (int i = 0; i < count; i++) {
      d[i] *= slope(x[i], scratch[i]);
    }
  }

  private static void sigmoids(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float v = x[i];
      y[i] = Exponentials.sigmoid(2 * SLOPE * (v + CUBE * v * v * v));
    }
  }

  private static float slope(float v, float sigmoid) {
    float inner = SLOPE * (1 + 3 * CUBE * v * v);
    return sigmoid + 2 * v * sigmoid * (1 - sigmoid) * inner;
  }
}
