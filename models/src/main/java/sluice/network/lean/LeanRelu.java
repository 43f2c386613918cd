package sluice.network.lean;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/** A rectifier whose derivative takes two vectorised passes, not a call for each number. */
public final class LeanRelu extends ActivationReLU {
  private static final long serialVersionUID = 1L;

  /** Whether it is max(0, x) and nothing more. */
  boolean isPlain() {
    return getMax() == null && getThreshold() == null && getNegativeSlope() == null;
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    if (!isPlain()) {
      return super.backprop(in, epsilon);
    }
    assertShape(in, epsilon);
    INDArray derivative = in.ulike();
    Nd4j.getExecutioner().exec(new Step(in, derivative));
    return new Pair<>(derivative.muli(epsilon), null);
  }
}
