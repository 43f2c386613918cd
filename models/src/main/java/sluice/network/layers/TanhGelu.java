package sluice.network.layers;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU by a hyperbolic tangent (Hendrycks and Gimpel 2016, section 2), as {@link TransformerBlock}
 * has it: x sigmoid(2 u) for u = sqrt(2 / pi) (x + 0.044715 x^3). Deeplearning4j's own of
 * 1.0.0-M2.1, its precise GELU, comes to other numbers.
 */
public final class TanhGelu extends BaseActivationFunction {
  private static final double SLOPE = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  public TanhGelu() {}

  private static INDArray sigmoid(INDArray in) {
    INDArray inner = in.mul(in).muli(CUBE).addi(1).muli(in).muli(2 * SLOPE);
    return Transforms.sigmoid(inner, false);
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(sigmoid(in));
  }

  @Override
  public Pair<INDArray, @Nullable INDArray> backprop(INDArray in, INDArray epsilon) {
    INDArray sigmoid = sigmoid(in);
    INDArray slope = in.mul(in).muli(3 * CUBE).addi(1).muli(in).muli(2 * SLOPE);
    slope.muli(sigmoid.rsub(1)).addi(1).muli(sigmoid);
    return new Pair<>(slope.muli(epsilon), null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TanhGelu;
  }

  @Override
  public int hashCode() {
    return TanhGelu.class.hashCode();
  }

  @Override
  public String toString() {
    return "gelu-tanh";
  }
}
