package sluice.network.compiled;

/**
 * Functions of exponentials in single precision, without branches, so that the compiler vectorises
 * loops that call them. What is not a number stays none.
 */
final class Exponentials {
  private static final float LEAST = -87;
  private static final float MOST = 88;

  /** Beyond it the hyperbolic tangent is 1 in single precision. */
  private static final float TANH_MOST = 7.905311f;

  private Exponentials() {}

  /** e^x by six squarings of the Taylor polynomial of e^(x/64). */
  static float exp(float x) {
    float z = Math.min(Math.max(x, LEAST), MOST) * (1 / 64f);
    float p = 1 + z + z * z * tail(z);
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    p *= p;
    return p * p;
  }

  /** (e^z - 1 - z) / z^2 for z between -1.4 and 1.4. */
  private static float tail(float z) {
    return 0.5f
        + z
            * (1 / 6f
                + z
                    * (1 / 24f
                        + z
                            * (1 / 120f
                                + z
                                    * (1 / 720f
                                        + z
                                            * (1 / 5040f
                                                + z
                                                    * (1 / 40320f
                                                        + z
                                                            * (1 / 362880f
                                                                + z * (1 / 3628800f))))))));
  }

  /** e^x - 1 for x of at most 0, without cancellation: each squaring takes y to y (y + 2). */
  static float expm1(float x) {
    float z = Math.max(x, LEAST) * (1 / 64f);
    float y = z + z * z * tail(z);
    y *= y + 2;
    y *= y + 2;
    y *= y + 2;
    y *= y + 2;
    y *= y + 2;
    return y * (y + 2);
  }

  static float sigmoid(float x) {
    return 0.5f + 0.5f * tanh(0.5f * x);
  }

  /** By the rational function that the library Eigen has for it, right to a few last bits. */
  static float tanh(float number) {
    float x = Math.min(Math.max(number, -TANH_MOST), TANH_MOST);
    float s = x * x;
    float p = -2.7607684e-16f;
    p = p * s + 2.000188e-13f;
    p = p * s - 8.604672e-11f;
    p = p * s + 5.1222973e-8f;
    p = p * s + 1.48572235e-5f;
    p = p * s + 6.3726195e-4f;
    p = p * s + 4.8935246e-3f;
    float q = 1.1982584e-6f;
    q = q * s + 1.1853471e-4f;
    q = q * s + 2.2684347e-3f;
    q = q * s + 4.893525e-3f;
    return x * p / q;
  }
}
