package sluice.network.layers;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * x times the share of the normal distribution below x, by the error function: GELU as Hendrycks
 * and Gimpel 2016 define it.
 */
public final class ErfGelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  public ErfGelu() {}

  private static INDArray below(INDArray in) {
    return Nd4j.math.erf(in.mul(Math.sqrt(0.5))).addi(1).muli(0.5);
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(below(in));
  }

  @Override
  public Pair<INDArray, @Nullable INDArray> backprop(INDArray in, INDArray epsilon) {
    INDArray density =
        Transforms.exp(in.mul(in).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
    return new Pair<>(below(in).addi(density.muli(in)).muli(epsilon), null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ErfGelu;
  }

  @Override
  public int hashCode() {
    return ErfGelu.class.hashCode();
  }

  @Override
  public String toString() {
    return "gelu-erf";
  }
}
