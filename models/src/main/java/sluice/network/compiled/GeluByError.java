package sluice.network.compiled;

/**
 * {@link sluice.network.layers.ErfGelu}, without choices, and the exponentials in loops of their
 * own: so its loops are vectorised, which larger ones are not.
 */
final class GeluByError implements Gelu {
  private static final float ROOT = (float) Math.sqrt(0.5);
  private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

  /** Beyond it the share below a number is 0 or 1 in single precision. */
  private static final float LARGE = 6;

  /**
   * The shares of the normal distribution above the sizes of numbers: Abramowitz and Stegun 1964,
   * 7.1.26.
   *
   * @param y overwritten; another array
   */
  private static void above(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float z = size(x[i]) * ROOT;
      y[i] = Exponentials.exp(-z * z);
    }
    for (int i = 0; i < count; i++) {
      float t = 1 / (1 + 0.3275911f * (size(x[i]) * ROOT));
      float sum =
          ((((1.0614054f * t - 1.4531521f) * t + 1.4214138f) * t - 0.28449672f) * t + 0.2548296f)
              * t;
      y[i] = 0.5f * sum * y[i];
    }
  }

  private static float size(float x) {
    return Math.min(Math.abs(x), LARGE);
  }

  @Override
  public void forward(float[] x, float[] y, int count) {
    float[] above = new float[count];
    above(x, above, count);
    for (int i = 0; i < count; i++) {
      y[i] = Math.max(x[i], 0) - size(x[i]) * above[i];
    }
  }

  @Override
  public void forwardWithSlopes(float[] x, float[] y, int count) {
    float[] densities = new float[count];
    densities(x, densities, count);
    shares(x, y, count);
    for (int i = 0; i < count; i++) {
      float v = x[i];
      float share = y[i];
      x[i] = share + densities[i];
      y[i] = Math.max(v, -LARGE) * share;
    }
  }

  @Override
  public void backward(float[] x, float[] d, int count, float[] scratch) {
    float[] densities = new float[count];
    densities(x, densities, count);
    shares(x, scratch, count);
    for (int i = 0; i < count; i++) {
      d[i] *= scratch[i] + densities[i];
    }
  }

  /** The shares of the normal distribution below numbers. */
  private static void shares(float[] x, float[] y, int count) {
    above(x, y, count);
    for (int i = 0; i < count; i++) {
      float positive = Math.min(Math.max(x[i], 0) * Float.MAX_VALUE, 1);
      y[i] = positive + (1 - 2 * positive) * y[i];
    }
  }

  /** The densities of the normal distribution at numbers, times the numbers. */
  private static void densities(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i++) {
      float v = Math.min(Math.max(x[i], -2 * LARGE), 2 * LARGE);
      y[i] = v * DENSITY * Exponentials.exp(-0.5f * v * v);
    }
  }
}
