package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What {@link sluice.network.UncertaintyOutputLayer} makes of the losses of a minibatch. */
final class Uncertainty {
  private final Weights logVariance;
  private final double factor;
  private final float[] number = new float[1];
  private double slope;

  Uncertainty(Weights logVariance, double factor) {
    this.logVariance = logVariance;
    this.factor = factor;
  }

  /**
   * Overwrites losses and their gradients, which weights come on top of.
   *
   * @param shares of each output in the loss of each example
   * @param weights of the examples; null for ones
   */
  void apply(float[] gradient, float[] shares, int examples, float @Nullable [] weights) {
    if (weights != null && weights.length != examples) {
      throw new IllegalArgumentException(
          "a mask over the labels must have a weight for each of %s examples, got %s"
              .formatted(examples, weights.length));
    }
    logVariance.read(number);
    double scale = factor * Math.exp(-number[0]);
    int width = shares.length / examples;
    float added = number[0] / 2 / width;
    slope = 0;
    for (int i = 0; i < examples; i++) {
      double loss = 0;
      for (int j = i * width; j < (i + 1) * width; j++) {
        double share = scale * shares[j];
        loss += share;
        shares[j] = (float) share + added;
        gradient[j] = (float) (scale * gradient[j]);
      }
      slope += (weights == null ? 1 : weights[i]) * (0.5 - loss);
    }
  }

  void backward() {
    Arrays.fill(number, (float) slope);
    logVariance.writeGradient(number);
  }
}
