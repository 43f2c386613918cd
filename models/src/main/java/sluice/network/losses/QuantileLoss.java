package sluice.network.losses;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sluice.data.Require;

/**
 * Koenker and Bassett 1978, also called pinball loss: outputs that are too small lose {@code tau}
 * times the error, those that are too large {@code 1 - tau} times. The best constant is the
 * quantile {@code tau} of the labels.
 */
public final class QuantileLoss extends NumberLoss {
  private static final long serialVersionUID = 1L;

  private double tau = 0.5;

  /** For Jackson. */
  public QuantileLoss() {}

  /**
   * @param tau the quantile, above 0 and below 1
   */
  public QuantileLoss(double tau) {
    new Require().that(tau > 0 && tau < 1, "tau must be above 0 and below 1, got " + tau).hold();
    this.tau = tau;
  }

  @Override
  INDArray losses(INDArray errors) {
    return Transforms.max(errors.mul(1 - tau), errors.mul(-tau), false);
  }

  /** Of no error it is 0. */
  @Override
  INDArray slopes(INDArray errors) {
    INDArray signs = Transforms.sign(errors, true);
    return Transforms.abs(signs, true).muli(0.5 - tau).addi(signs.muli(0.5));
  }

  /** The quantile. */
  public double getTau() {
    return tau;
  }

  /** For Jackson. */
  public void setTau(double tau) {
    this.tau = tau;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuantileLoss loss && tau == loss.tau;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(tau);
  }

  @Override
  public String toString() {
    return "QuantileLoss(tau=" + tau + ")";
  }
}
