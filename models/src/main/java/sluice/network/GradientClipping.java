package sluice.network;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.data.Require;

/**
 * What keeps a gradient from exploding (Pascanu, Mikolov and Bengio 2013), before the updater sees
 * it.
 *
 * @param by what is limited
 * @param threshold the limit, above 0; not looked at without clipping
 */
public record GradientClipping(By by, double threshold) {
  /** What is limited. */
  public enum By {
    /** Nothing. */
    NONE,
    /** The Euclidean norm of each layer's gradient, which is scaled down to the threshold. */
    NORM,
    /** Each value, which is cut off at the threshold and its negative. */
    VALUE
  }

  /** Gradients as they are. */
  public static GradientClipping none() {
    return new GradientClipping(By.NONE, 1);
  }

  public GradientClipping {
    new Require().above("threshold", threshold, 0).hold();
  }

  /** Sets the limit in a configuration. */
  public void apply(NeuralNetConfiguration.Builder training) {
    switch (by) {
      case NONE -> training.gradientNormalization(GradientNormalization.None);
      case NORM -> training.gradientNormalization(GradientNormalization.ClipL2PerLayer);
      case VALUE ->
          training.gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue);
    }
    training.gradientNormalizationThreshold(threshold);
  }
}
