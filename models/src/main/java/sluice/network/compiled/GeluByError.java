package sluice.network.compiled;

/** {@link sluice.network.layers.ErfGelu}, without choices, so that its loops are vectorised. */
final class GeluByError implements Gelu {
  private static final float ROOT = (float) Math.sqrt(0.5);
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Beyond it the share below a number is 0 or 1 in single precision. */
  private static final float LARGE = 6;

  /**
   * The share of the normal distribution above a number: Abramowitz and Stegun 1964, 7.1.26.
   *
   * @param x from 0 to {@link #LARGE}
   */
  private static float above(float x) {
    float z = x * ROOT;
    float t = 1 / (1 + 0.3275911f * z);
    float sum =
        ((((1.0614054f * t - 1.4531521f) * t + 1.4214138f) * t - 0.28449672f) * t + 0.2548296f) * t;
    return 0.5f * sum * Exponentials.exp(-z * z);
  }

  private static float size(float x) {
    return Math.min(Math.abs(x), LARGE);
  }

  @Override
  public void forward(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float size = size(x[i]);
      y[i] = Math.max(x[i], 0) - size * above(size);
    }
  }

  @Override
  public void forwardWithSlopes(float[] x, float[] y, int count) {
    shares(x, y, count);
    for (int i = 0; i < count; i++) {
      float v = x[i];
      float share = y[i];
      x[i] = slope(v, share);
      y[i] = Math.max(v, -LARGE) * share;
    }
  }

  @Override
  public void backward(float[] x, float[] d, int count, float[] scratch) {
    shares(x, scratch, count);
    for (int i = 0; i < count; i++) {
      d[i] *= slope(x[i], scratch[i]);
    }
  }

  /** The shares of the normal distribution below numbers. */
  private static void shares(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float positive = Math.min(Math.max(x[i], 0) * Float.MAX_VALUE, 1);
      y[i] = positive + (1 - 2 * positive) * above(size(x[i]));
    }
  }

  private static float slope(float v, float share) {
    float x = Math.min(Math.max(v, -2 * LARGE), 2 * LARGE);
    return share + x * DENSITY * Exponentials.exp(-0.5f * x * x);
  }
}
