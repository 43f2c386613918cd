package sluice.network.losses;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sluice.data.Require;

/**
 * Huber 1964: half the squared error up to {@code delta}, from there on a line of the slope {@code
 * delta}.
 */
public final class HuberLoss extends NumberLoss {
  private static final long serialVersionUID = 1L;

  private double delta = 1;

  /** For Jackson. */
  public HuberLoss() {}

  /**
   * @param delta the error from which on the loss is a line, above 0
   */
  public HuberLoss(double delta) {
    new Require().above("delta", delta, 0).hold();
    this.delta = delta;
  }

  @Override
  INDArray losses(INDArray errors) {
    INDArray sizes = Transforms.abs(errors, true);
    INDArray small = Transforms.min(sizes, delta, true);
    INDArray beyond = sizes.subi(small).muli(delta);
    return small.muli(small).muli(0.5).addi(beyond);
  }

  @Override
  INDArray slopes(INDArray errors) {
    return Transforms.max(Transforms.min(errors, delta, true), -delta, false);
  }

  /** The error from which on the loss is a line. */
  public double getDelta() {
    return delta;
  }

  /** For Jackson. */
  public void setDelta(double delta) {
    this.delta = delta;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HuberLoss loss && delta == loss.delta;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(delta);
  }

  @Override
  public String toString() {
    return "HuberLoss(delta=" + delta + ")";
  }
}
