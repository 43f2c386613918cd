package sluice.network.losses;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import sluice.data.Require;

/**
 * A cross-entropy whose labels give up a share of their probability to all classes alike (Szegedy
 * et al. 2016, section 7). Where each output is a probability of its own, there are two classes.
 */
public final class LabelSmoothing implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private ILossFunction loss = new LossMCXENT();
  private double smoothing;

  /** For Jackson. */
  public LabelSmoothing() {}

  /**
   * @param loss of the smoothed labels: {@link LossMCXENT} or {@link LossBinaryXENT}
   * @param smoothing the share, 0 to below 1
   */
  public LabelSmoothing(ILossFunction loss, double smoothing) {
    new Require()
        .that(
            smoothing >= 0 && smoothing < 1,
            "smoothing must be at least 0 and below 1, got " + smoothing)
        .hold();
    this.loss = loss;
    this.smoothing = smoothing;
  }

  /**
   * What is added to each label, which is first multiplied by what the smoothing leaves.
   *
   * @param outputs of the network
   */
  public double added(long outputs) {
    return loss instanceof LossBinaryXENT ? smoothing / 2 : smoothing / outputs;
  }

  private INDArray smoothed(INDArray labels) {
    return labels.mul(1 - smoothing).addi(added(labels.size(1)));
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    return loss.computeScore(smoothed(labels), preOutput, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    return loss.computeScoreArray(smoothed(labels), preOutput, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    return loss.computeGradient(smoothed(labels), preOutput, activation, mask);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    return loss.computeGradientAndScore(smoothed(labels), preOutput, activation, mask, average);
  }

  @Override
  public String name() {
    return toString();
  }

  /** Of the smoothed labels. */
  public ILossFunction getLoss() {
    return loss;
  }

  /** For Jackson. */
  public void setLoss(ILossFunction loss) {
    this.loss = loss;
  }

  /** The share that labels give up. */
  public double getSmoothing() {
    return smoothing;
  }

  /** For Jackson. */
  public void setSmoothing(double smoothing) {
    this.smoothing = smoothing;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LabelSmoothing smoothed
        && loss.equals(smoothed.loss)
        && smoothing == smoothed.smoothing;
  }

  @Override
  public int hashCode() {
    return Objects.hash(loss, smoothing);
  }

  @Override
  public String toString() {
    return "LabelSmoothing(" + loss + ", " + smoothing + ")";
  }
}
