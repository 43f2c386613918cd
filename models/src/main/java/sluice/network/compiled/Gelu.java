package sluice.network.compiled;

import sluice.network.layers.TransformerBlock;

/** GELU (Hendrycks and Gimpel 2016) of numbers in heap arrays. */
interface Gelu {
  /** The kernel of a way to compute it. */
  static Gelu of(TransformerBlock.Gelu way) {
    return switch (way) {
      case TANH -> new GeluByTangent();
      case ERF -> new GeluByError();
    };
  }

  /**
   * GELU of numbers.
   *
   * @param y overwritten; {@code x} itself will do
   */
  void forward(float[] x, float[] y, int count);

  /** {@link #forward}, and overwrites x, which is another array, by the derivatives there. */
  void forwardWithSlopes(float[] x, float[] y, int count);

  /**
   * Multiplies gradients by the derivative.
   *
   * @param scratch as long as {@code x}
   */
  void backward(float[] x, float[] d, int count, float[] scratch);
}
