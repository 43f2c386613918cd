package sluice.network.compiled;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.Products.Form;

/**
 * A fully connected layer and its activation. Deeplearning4j's weights, [in, out] by columns, are
 * [out, in] by rows.
 */
final class Dense implements Op {
  private final Products products;
  private final Tensor in;
  private final Tensor out;
  private final Weights weights;
  private final @Nullable Weights biases;
  private final Activation activation;

  /** What came before the activation, where it keeps that. */
  private final @Nullable Block kept;

  private final float[] bias;
  private final float[] sums;
  private final float[] numbers;
  private final float[] deltas;
  private final int rows;

  Dense(
      Compilation compilation,
      Tensor in,
      Tensor out,
      Weights weights,
      @Nullable Weights biases,
      Activation activation) {
    this.products = compilation.products();
    this.in = in;
    this.out = out;
    this.weights = weights;
    this.biases = biases;
    this.activation = activation;
    this.kept =
        activation.keepsPreActivation() && out.gradient() != null
            ? compilation.block(out.size())
            : null;
    bias = new float[out.size()];
    sums = new float[out.size()];
    rows = Loops.rows(out.size());
    numbers = new float[rows * out.size()];
    deltas = new float[rows * out.size()];
  }

  @Override
  public void forward(Step step) {
    int width = out.size();
    products.multiply(
        Form.PLAIN,
        Form.TRANSPOSED,
        step.examples(),
        width,
        in.size(),
        1,
        in.data().pointer(),
        in.size(),
        weights.pointer(),
        in.size(),
        0,
        out.data().pointer(),
        width);
    if (biases == null && activation == Activations.IDENTITY) {
      return;
    }
    if (biases != null) {
      biases.read(bias);
    }
    for (int row = 0; row < step.examples(); row += rows) {
      int count = Math.min(rows, step.examples() - row);
      int at = row * width;
      out.data().read(at, numbers, count * width);
      if (biases != null) {
        Loops.addToRows(numbers, bias, count, width);
      }
      if (kept != null) {
        kept.write(at, numbers, count * width);
      }
      activation.forward(numbers, count * width);
      out.data().write(at, numbers, count * width);
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int width = out.size();
    if (biases != null || activation != Activations.IDENTITY) {
      throughActivation(gradient, step.examples());
    }
    if (weights.gradients() != null) {
      products.multiply(
          Form.TRANSPOSED,
          Form.PLAIN,
          width,
          in.size(),
          step.examples(),
          1,
          gradient.pointer(),
          width,
          in.data().pointer(),
          in.size(),
          0,
          weights.gradients().at(weights.at()),
          in.size());
    }
    Block below = in.gradient();
    if (below != null) {
      products.multiply(
          Form.PLAIN,
          Form.PLAIN,
          step.examples(),
          in.size(),
          width,
          1,
          gradient.pointer(),
          width,
          weights.pointer(),
          in.size(),
          below.beta(),
          below.pointer(),
          in.size());
    }
  }

  private void throughActivation(Block gradient, int examples) {
    int width = out.size();
    Arrays.fill(sums, 0);
    Block known = kept == null ? out.data() : kept;
    for (int row = 0; row < examples; row += rows) {
      int count = Math.min(rows, examples - row);
      int at = row * width;
      gradient.read(at, deltas, count * width);
      if (activation != Activations.IDENTITY) {
        known.read(at, numbers, count * width);
        activation.backward(numbers, deltas, count * width);
        gradient.write(at, deltas, count * width);
      }
      Loops.addRows(sums, deltas, count, width);
    }
    if (biases != null) {
      biases.writeGradient(sums);
    }
  }
}
