package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.compiled.Products.Form;
import sluice.network.layers.TransformerBlock;

/**
 * A connected layer within a larger operation, over rows that lie one behind the other. Its biases
 * are added, and their gradients summed, by whoever passes over the rows anyway.
 */
final class Connected {
  private final Products products;
  private final Weights weights;
  private final Biases biases;
  private final int out;
  private final int in;

  /** Null where the layer learns, or the library has none. */
  private final PackedMatrix.@Nullable Product packed;

  Connected(Compilation c, Layer layer, String weights, String biases) {
    products = c.products();
    this.weights = requireNonNull(c.weights(layer, weights));
    this.biases = new Biases(c, layer, biases);
    out = this.biases.width();
    in = this.weights.count() / out;
    packed = null;
  }

  /**
   * A layer over rows that know how many are taken at a time.
   *
   * @param gelu which the layer takes where it {@link #finishes}; null for none
   */
  Connected(
      Compilation c,
      Layer layer,
      String weights,
      String biases,
      StepRows rows,
      TransformerBlock.@Nullable Gelu gelu) {
    products = c.products();
    this.weights = requireNonNull(c.weights(layer, weights));
    this.biases = new Biases(c, layer, biases);
    out = this.biases.width();
    in = this.weights.count() / out;
    packed =
        c.packed(rows.blockOfRows(), this.weights, this.biases.weights(), gelu)
            .map(PackedMatrix::product)
            .orElse(null);
  }

  int width() {
    return out;
  }

  /**
   * Gives what the layer makes of rows, without biases. Where the network predicts, it takes as
   * many rows at a time as do not depend on each other: always so many, the last time with what
   * lies behind the rows.
   */
  void forward(Step step, int rows, Block from, Block to) {
    forward(step, rows, products.blockOfRows(), from, to);
  }

  /**
   * Whether the products of a step over {@link StepRows} add the biases and take GELU, so that
   * nobody passes over the rows for that.
   */
  boolean finishes(Step step) {
    return packed != null && step.targets().isEmpty();
  }

  /** {@link #forward(Step, int, Block, Block)} of rows that know how many are taken at a time. */
  void forward(Step step, StepRows rows, Block from, Block to) {
    forward(step, rows.count(), rows.blockOfRows(), from, to);
  }

  private void forward(Step step, int rows, int block, Block from, Block to) {
    biases.read();
    int some = step.targets().isEmpty() ? block : rows;
    int computed = (rows + some - 1) / Math.max(1, some) * some;
    if (computed > from.pointer().capacity() / in || computed > to.pointer().capacity() / out) {
      throw new IllegalStateException(
          "predictions must have room for blocks of %d rows, got %d rows".formatted(some, rows));
    }
    for (int row = 0; row < rows; row += some) {
      if (packed != null && finishes(step)) {
        packed.multiply(from, row * in, to, row * out);
      } else {
        multiply(some, from.at(row * in), to.at(row * out));
      }
    }
  }

  private void multiply(int rows, FloatPointer from, FloatPointer to) {
    products.multiply(
        Form.PLAIN, Form.TRANSPOSED, rows, out, in, 1, from, in, weights.pointer(), in, 0, to, out);
  }

  void addBiases(float[] numbers, int rows) {
    biases.add(numbers, rows);
  }

  void beginBackward() {
    biases.beginBackward();
  }

  /** Adds to the gradient of the biases. */
  void sumBiases(float[] deltas, int rows) {
    biases.sum(deltas, rows);
  }

  /**
   * Writes the gradients of the weights and of the biases, whose rows were summed.
   *
   * @param delta the gradient by what the layer gave
   * @param below to which the gradient by its rows is added as {@code beta} says; null if nobody
   *     asks for it
   */
  void backward(int rows, Block from, Block delta, @Nullable Block below, float beta) {
    biases.writeGradient();
    if (weights.gradients() != null) {
      products.multiply(
          Form.TRANSPOSED,
          Form.PLAIN,
          out,
          in,
          rows,
          1,
          delta.pointer(),
          out,
          from.pointer(),
          in,
          0,
          weights.gradients().at(weights.at()),
          in);
    }
    if (below != null) {
      products.multiply(
          Form.PLAIN,
          Form.PLAIN,
          rows,
          in,
          out,
          1,
          delta.pointer(),
          out,
          weights.pointer(),
          in,
          beta,
          below.pointer(),
          in);
    }
  }
}
