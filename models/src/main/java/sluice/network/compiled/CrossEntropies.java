package sluice.network.compiled;

import sluice.network.losses.LabelSmoothing;

/** Cross-entropies behind the activations that make probabilities. */
final class CrossEntropies {
  /** What keeps probabilities from zero and one in Deeplearning4j's losses. */
  private static final double SOFTMAX_CLIP = 1e-10;

  private static final double SIGMOID_CLIP = 1e-5;

  private CrossEntropies() {}

  /** Lets what is not a number through. */
  private static double clipped(double probability, double clip) {
    return Math.min(Math.max(probability, clip), 1 - clip);
  }

  /** One probability of all outputs. */
  static final class Softmax implements LossKernel {
    @Override
    public void judge(
        float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = row; i < row + width; i++) {
        most = Math.max(most, values[i]);
      }
      double all = 0;
      for (int i = row; i < row + width; i++) {
        all += Math.exp(values[i] - most);
      }
      for (int i = row; i < row + width; i++) {
        double probability = Math.exp(values[i] - most) / all;
        values[i] = (float) probability;
        gradient[i] = (float) (probability - labels[i]);
        loss[i] =
            labels[i] == 0
                ? 0
                : (float) (-labels[i] * Math.log(clipped(probability, SOFTMAX_CLIP)));
      }
    }
  }

  /** A probability of each output. */
  static final class Sigmoid implements LossKernel {
    @Override
    public void judge(
        float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
      for (int i = row; i < row + width; i++) {
        double probability = 1 / (1 + Math.exp(-values[i]));
        double clipped = clipped(probability, SIGMOID_CLIP);
        values[i] = (float) probability;
        gradient[i] =
            (float)
                ((clipped - labels[i])
                    / (clipped * (1 - clipped))
                    * probability
                    * (1 - probability));
        loss[i] =
            (float) -(labels[i] * Math.log(clipped) + (1 - labels[i]) * Math.log(1 - clipped));
      }
    }
  }

  /** {@link LabelSmoothing} of another kernel's labels. */
  static final class Smoothed implements LossKernel {
    private final LossKernel kernel;
    private final LabelSmoothing smoothing;
    private float[] smoothed = {};

    Smoothed(LossKernel kernel, LabelSmoothing smoothing) {
      this.kernel = kernel;
      this.smoothing = smoothing;
    }

    @Override
    public void judge(
        float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
      if (smoothed.length < labels.length) {
        smoothed = new float[labels.length];
      }
      float kept = (float) (1 - smoothing.getSmoothing());
      float added = (float) smoothing.added(width);
      for (int i = row; i < row + width; i++) {
        smoothed[i] = labels[i] * kept + added;
      }
      kernel.judge(values, smoothed, row, width, gradient, loss);
    }
  }
}
