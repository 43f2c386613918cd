package sluice.network.compiled;

/**
 * Sines and cosines of turns in single precision, without branches, so that the compiler vectorises
 * loops that call them.
 */
final class Trigonometry {
  /** Added and taken off again, it rounds a float of less than 2^22 to a whole number. */
  private static final float ROUND = 1.5f * (1 << 23);

  private Trigonometry() {}

  /** Half of the angle of so many turns, between -pi/2 and pi/2: whole turns are left out. */
  private static float half(float turns) {
    float rest = turns - (turns + ROUND - ROUND);
    return (float) Math.PI * Math.min(Math.max(rest, -0.5f), 0.5f);
  }

  /** sin(2 pi x), as twice the product of the sine and the cosine of half the angle. */
  static float sine(float turns) {
    float half = half(turns);
    return 2 * taylorSine(half) * taylorCosine(half);
  }

  /** cos(2 pi x), as the difference of the squares of both. */
  static float cosine(float turns) {
    float half = half(turns);
    float sine = taylorSine(half);
    float cosine = taylorCosine(half);
    return (cosine - sine) * (cosine + sine);
  }

  private static float taylorSine(float x) {
    float s = x * x;
    return x
        * (1
            + s
                * (-1 / 6f
                    + s
                        * (1 / 120f
                            + s * (-1 / 5040f + s * (1 / 362880f + s * (-1 / 39916800f))))));
  }

  private static float taylorCosine(float x) {
    float s = x * x;
    return 1
        + s
            * (-1 / 2f
                + s
                    * (1 / 24f
                        + s
                            * (-1 / 720f
                                + s * (1 / 40320f + s * (-1 / 3628800f + s * (1 / 479001600f))))));
  }
}
