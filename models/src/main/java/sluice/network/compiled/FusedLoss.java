package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A loss and the activation before it. A mask over the labels weighs examples or outputs. */
final class FusedLoss implements OutputOp {
  private final Tensor in;
  private final LossKernel kernel;
  private final @Nullable Uncertainty uncertainty;
  private final int index;
  private float[] outputs = {};
  private float[] gradient = {};
  private float[] shares = {};
  private float[] losses = {};
  private float[] zeros = {};

  /**
   * @param in what comes before the activation
   * @param uncertainty which the output learns of itself; null if it does not
   * @param index of the output among those of the network
   */
  FusedLoss(Tensor in, LossKernel kernel, @Nullable Uncertainty uncertainty, int index) {
    this.in = in;
    this.kernel = kernel;
    this.uncertainty = uncertainty;
    this.index = index;
  }

  @Override
  public void forward(Step step) {
    int width = in.size();
    int size = step.examples() * width;
    if (outputs.length != size) {
      outputs = new float[size];
      gradient = new float[size];
      shares = new float[size];
      zeros = new float[size];
      losses = new float[step.examples()];
    }
    in.data().read(0, outputs, size);
    Labels target = step.targets().isEmpty() ? null : step.targets().get(index);
    float[] labels = target == null ? zeros : Numbers.of(target.array());
    for (int row = 0; row < size; row += width) {
      kernel.judge(outputs, labels, row, width, gradient, shares);
    }
    float @Nullable [] weights =
        target == null || target.mask() == null ? null : Numbers.of(target.mask());
    if (uncertainty != null) {
      uncertainty.apply(gradient, shares, step.examples(), weights);
    }
    if (weights != null) {
      weigh(weights, step.examples());
    }
    for (int i = 0; i < step.examples(); i++) {
      double sum = 0;
      for (int j = 0; j < width; j++) {
        sum += shares[i * width + j];
      }
      losses[i] = (float) sum;
    }
  }

  private void weigh(float[] weights, int examples) {
    int each = weights.length == examples ? in.size() : 1;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= weights[i / each];
      shares[i] *= weights[i / each];
    }
  }

  @Override
  public void backward(Step step) {
    if (uncertainty != null) {
      uncertainty.backward();
    }
    @Nullable Block below = in.gradient();
    if (below != null) {
      below.add(below.beta(), 0, gradient, gradient.length, shares);
    }
  }

  @Override
  public float[] losses() {
    return losses;
  }

  @Override
  public float[] outputs() {
    return Arrays.copyOf(outputs, outputs.length);
  }
}
