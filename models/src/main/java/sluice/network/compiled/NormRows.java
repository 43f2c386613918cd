package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;

/** A layer norm within a larger operation, over rows that lie one behind the other. */
final class NormRows {
  /** Something that is done to some rows on their way through a pass. */
  @FunctionalInterface
  interface OnRows {
    /**
     * Changes rows.
     *
     * @param numbers the rows, from the first number on
     * @param row the first of them among all
     */
    void apply(float[] numbers, int row, int count);
  }

  private final Weights gains;
  private final Weights biases;
  private final int width;
  private final float epsilon;

  /** What was normalised. */
  private final Block normal;

  private final float[] gain;
  private final float[] bias;
  private final float[] gainSums;
  private final float[] biasSums;
  private final float[] x;
  private final float[] y;
  private float[] inverse = {};

  NormRows(Compilation c, Layer layer, String gain, String bias, StepRows steps, double epsilon) {
    gains = requireNonNull(c.weights(layer, gain));
    biases = requireNonNull(c.weights(layer, bias));
    width = gains.count();
    this.epsilon = (float) epsilon;
    normal = steps.block(c, width);
    this.gain = new float[width];
    this.bias = new float[width];
    gainSums = new float[width];
    biasSums = new float[width];
    x = new float[Loops.rows(width) * width];
    y = new float[x.length];
  }

  /**
   * Normalises rows.
   *
   * @param before is done to the rows first
   * @param sums overwritten by what came of it, {@code from} itself will do; null if nobody asks
   * @param to overwritten by the normalised rows times the gain and plus the bias
   */
  void forward(int rows, Block from, OnRows before, @Nullable Block sums, Block to) {
    if (inverse.length < rows) {
      inverse = new float[rows];
    }
    gains.read(gain);
    biases.read(bias);
    int some = x.length / width;
    for (int row = 0; row < rows; row += some) {
      int count = Math.min(some, rows - row);
      from.read(row * width, x, count * width);
      before.apply(x, row, count);
      if (sums != null) {
        sums.write(row * width, x, count * width);
      }
      RowNorm.forward(x, y, count, width, gain, bias, epsilon, inverse, row);
      normal.write(row * width, x, count * width);
      to.write(row * width, y, count * width);
    }
  }

  /**
   * Goes back, and writes the gradients of gain and bias.
   *
   * @param delta the gradient by what the norm gave
   * @param after is done to the gradient by the sums
   * @param to overwritten by what came of it; {@code delta} itself will do
   */
  void backward(int rows, Block delta, OnRows after, Block to) {
    gains.read(gain);
    Arrays.fill(gainSums, 0);
    Arrays.fill(biasSums, 0);
    int some = x.length / width;
    for (int row = 0; row < rows; row += some) {
      int count = Math.min(some, rows - row);
      delta.read(row * width, y, count * width);
      normal.read(row * width, x, count * width);
      RowNorm.backward(y, x, count, width, gain, inverse, row, gainSums, biasSums);
      after.apply(y, row, count);
      to.write(row * width, y, count * width);
    }
    gains.writeGradient(gainSums);
    biases.writeGradient(biasSums);
  }
}
