package sluice.network.compiled;

import sluice.network.layers.Rotation;

/** {@link Rotation} of queries and keys that lie side by side in rows, before the values. */
final class Rotary {
  private final int heads;
  private final int half;

  /** Of each step the pairs of a head. */
  private final float[] cosines;

  private final float[] sines;

  /**
   * @param width of the heads together
   */
  Rotary(int heads, int time, int width) {
    this.heads = heads;
    int own = width / heads;
    half = own / 2;
    cosines = new float[time * half];
    sines = new float[time * half];
    for (int step = 0; step < time; step++) {
      for (int pair = 0; pair < half; pair++) {
        double angle = step * Rotation.angle(pair, own);
        cosines[step * half + pair] = (float) Math.cos(angle);
        sines[step * half + pair] = (float) Math.sin(angle);
      }
    }
  }

  /**
   * Turns rows of queries, keys and values.
   *
   * @param steps what the rows are
   * @param row the first of them among all
   * @param sign 1 forward, and -1 for gradients on the way back
   */
  void turn(StepRows steps, float[] rows, int row, int count, float sign) {
    int each = 6 * heads * half;
    for (int i = 0; i < count; i++) {
      int step = steps.step(row + i);
      for (int head = 0; head < 2 * heads; head++) {
        turn(rows, i * each + head * 2 * half, half, cosines, sines, step * half, sign);
      }
    }
  }

  private static void turn(
      float[] x, int at, int half, float[] cosines, float[] sines, int from, float sign) {
    for (int i = 0; i < half; i++) {
      float first = x[at + i];
      float second = x[at + half + i];
      float cosine = cosines[from + i];
      float sine = sign * sines[from + i];
      x[at + i] = first * cosine - second * sine;
      x[at + half + i] = first * sine + second * cosine;
    }
  }
}
