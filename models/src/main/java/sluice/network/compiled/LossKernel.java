package sluice.network.compiled;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import sluice.network.losses.HuberLoss;
import sluice.network.losses.LabelSmoothing;
import sluice.network.losses.QuantileLoss;

/** A loss together with the activation before it, of one example. */
interface LossKernel {

  /**
   * Overwrites the row of an example in {@code values}, what comes before the activation, by its
   * outputs; in {@code gradient} by the gradient of the loss by what came before; in {@code loss}
   * by the share of each output in the loss.
   *
   * @param row where it begins in all arrays
   */
  void judge(float[] values, float[] labels, int row, int width, float[] gradient, float[] loss);

  /** The kernel of a loss behind an activation; none if they have none. */
  static Optional<LossKernel> of(ILossFunction loss, IActivation activation) {
    if (loss instanceof LabelSmoothing smoothing) {
      return of(smoothing.getLoss(), activation)
          .map(kernel -> new CrossEntropies.Smoothed(kernel, smoothing));
    }
    if (activation instanceof ActivationIdentity) {
      return Optional.ofNullable(ofErrors(loss));
    }
    // Of equal losses, those without weights of the outputs and with the usual clipping.
    if (activation instanceof ActivationSoftmax && loss.equals(new LossMCXENT())) {
      return Optional.of(new CrossEntropies.Softmax());
    }
    return activation instanceof ActivationSigmoid && loss.equals(new LossBinaryXENT())
        ? Optional.of(new CrossEntropies.Sigmoid())
        : Optional.empty();
  }

  private static @Nullable LossKernel ofErrors(ILossFunction loss) {
    if (loss.equals(new LossMSE())) {
      return new ErrorLosses.Squared();
    }
    if (loss.equals(new LossMAE())) {
      return new ErrorLosses.Absolute();
    }
    if (loss instanceof HuberLoss huber) {
      return new ErrorLosses.Huber(huber.getDelta());
    }
    return loss instanceof QuantileLoss quantile
        ? new ErrorLosses.Quantile(quantile.getTau())
        : null;
  }
}
