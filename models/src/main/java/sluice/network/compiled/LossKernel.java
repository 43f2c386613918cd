package sluice.network.compiled;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A loss together with the activation before it, of one example. */
enum LossKernel {
  SOFTMAX_CROSS_ENTROPY {
    @Override
    void judge(float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
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
  },
  SIGMOID_CROSS_ENTROPY {
    @Override
    void judge(float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
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
  },
  SQUARED_ERROR {
    @Override
    void judge(float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
      for (int i = row; i < row + width; i++) {
        double error = (double) values[i] - labels[i];
        gradient[i] = (float) (2 * error / width);
        loss[i] = (float) (error * error / width);
      }
    }
  },
  ABSOLUTE_ERROR {
    @Override
    void judge(float[] values, float[] labels, int row, int width, float[] gradient, float[] loss) {
      for (int i = row; i < row + width; i++) {
        float error = values[i] - labels[i];
        gradient[i] = Math.signum(error) / width;
        loss[i] = Math.abs(error) / width;
      }
    }
  };

  /** What keeps probabilities from zero and one in Deeplearning4j's losses. */
  private static final double SOFTMAX_CLIP = 1e-10;

  private static final double SIGMOID_CLIP = 1e-5;

  /** The kernel of a loss behind an activation; none if they have none. */
  static Optional<LossKernel> of(ILossFunction loss, IActivation activation) {
    // Of equal losses, those without weights of the outputs and with the usual clipping.
    if (activation instanceof ActivationSoftmax && loss.equals(new LossMCXENT())) {
      return Optional.of(SOFTMAX_CROSS_ENTROPY);
    }
    if (activation instanceof ActivationSigmoid && loss.equals(new LossBinaryXENT())) {
      return Optional.of(SIGMOID_CROSS_ENTROPY);
    }
    if (activation instanceof ActivationIdentity && loss.equals(new LossMSE())) {
      return Optional.of(SQUARED_ERROR);
    }
    return activation instanceof ActivationIdentity && loss.equals(new LossMAE())
        ? Optional.of(ABSOLUTE_ERROR)
        : Optional.empty();
  }

  /**
   * Overwrites the row of an example in {@code values}, what comes before the activation, by its
   * outputs; in {@code gradient} by the gradient of the loss by what came before; in {@code loss}
   * by the share of each output in the loss.
   *
   * @param row where it begins in all arrays
   */
  abstract void judge(
      float[] values, float[] labels, int row, int width, float[] gradient, float[] loss);

  /** Lets what is not a number through. */
  private static double clipped(double probability, double clip) {
    return Math.min(Math.max(probability, clip), 1 - clip);
  }
}
