package sluice.network.losses;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossUtil;

/**
 * A loss of errors: that of an example is the mean over its outputs. A mask weighs examples or
 * outputs.
 */
abstract class NumberLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  /**
   * The loss of each error.
   *
   * @param errors outputs less labels, which it leaves as they are
   */
  abstract INDArray losses(INDArray errors);

  /**
   * The derivative of the loss by each error.
   *
   * @param errors outputs less labels, which it leaves as they are
   */
  abstract INDArray slopes(INDArray errors);

  private static INDArray errors(INDArray labels, INDArray preOutput, IActivation activation) {
    return activation.getActivation(preOutput.dup(), true).sub(labels.castTo(preOutput.dataType()));
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    INDArray losses = losses(errors(labels, preOutput, activation)).divi(labels.size(1));
    if (mask != null) {
      LossUtil.applyMask(losses, mask);
    }
    return losses.sum(true, 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    INDArray slopes = slopes(errors(labels, preOutput, activation)).divi(labels.size(1));
    if (mask != null) {
      LossUtil.applyMask(slopes, mask);
    }
    return activation.backprop(preOutput, slopes).getFirst();
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    return new Pair<>(
        computeScore(labels, preOutput, activation, mask, average),
        computeGradient(labels, preOutput, activation, mask));
  }

  @Override
  public String name() {
    return toString();
  }
}
