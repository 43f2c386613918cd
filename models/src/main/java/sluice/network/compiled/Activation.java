package sluice.network.compiled;

/** An activation function of single numbers, over the first numbers of heap arrays. */
interface Activation {
  /** Whether the derivative is asked by what went in, not by what came out. */
  default boolean keepsPreActivation() {
    return false;
  }

  /** Overwrites numbers by what the function makes of them. */
  void forward(float[] numbers, int count);

  /**
   * Multiplies gradients by the derivative.
   *
   * @param kept what came out, or what went in if the function keeps that
   */
  void backward(float[] kept, float[] gradients, int count);
}
