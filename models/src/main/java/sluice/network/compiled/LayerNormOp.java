package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import sluice.network.layers.LayerNorm;

/**
 * {@link LayerNorm}. Of a series it takes one example at a time, and turns it into its steps up to
 * the last that is there.
 */
final class LayerNormOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final Weights gains;
  private final Weights biases;
  private final float epsilon;
  private final int width;

  /** Steps of an example; 1 for a row. */
  private final int time;

  /** Examples of a pass. */
  private final int each;

  /** What was normalised, row by row. */
  private final Block normal;

  private final float[] gain;
  private final float[] bias;
  private final float[] gainSums;
  private final float[] biasSums;
  private final float[] x;
  private final float[] y;
  private final float[] turned;
  private float[] inverse = {};

  private LayerNormOp(
      Tensor in, Tensor out, Weights gains, Weights biases, float epsilon, Block normal) {
    this.in = in;
    this.out = out;
    this.gains = gains;
    this.biases = biases;
    this.epsilon = epsilon;
    this.normal = normal;
    width = gains.count();
    time = in.size() / width;
    each = in.isSeries() ? 1 : Loops.rows(width);
    gain = new float[width];
    bias = new float[width];
    gainSums = new float[width];
    biasSums = new float[width];
    x = new float[each * in.size()];
    y = new float[x.length];
    turned = new float[in.isSeries() ? x.length : 0];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    Tensor out = c.learning(in.shape()).masked(in.mask());
    c.add(
        new LayerNormOp(
            in,
            out,
            requireNonNull(c.weights(layer, LayerNorm.GAIN)),
            requireNonNull(c.weights(layer, LayerNorm.BIAS)),
            (float) ((LayerNorm) settings).getEpsilon(),
            c.block(in.size())));
    return Optional.of(out);
  }

  /** The rows of some examples, of a series of one. */
  private int rows(int example, int count) {
    return in.isSeries() ? in.mask().length(example) : count;
  }

  private void read(Block from, int example, int count, float[] to) {
    if (!in.isSeries()) {
      from.read(example * width, to, count * width);
    } else {
      from.read(example * turned.length, turned, turned.length);
      Transposes.transpose(turned, 0, width, rows(example, 1), time, to, 0, width);
    }
  }

  /** The rows as they lie in a series. */
  private float[] series(int example, float[] rows) {
    if (!in.isSeries()) {
      return rows;
    }
    int length = rows(example, 1);
    if (length < time) {
      Arrays.fill(turned, 0);
    }
    Transposes.transpose(rows, 0, length, width, width, turned, 0, time);
    return turned;
  }

  private void mask(int example, float[] rows) {
    if (in.isSeries()) {
      out.mask().multiplyRows(example, rows, width);
    }
  }

  @Override
  public void forward(Step step) {
    if (inverse.length < step.examples() * time) {
      inverse = new float[step.examples() * time];
    }
    gains.read(gain);
    biases.read(bias);
    for (int i = 0; i < step.examples(); i += each) {
      int count = Math.min(each, step.examples() - i);
      read(in.data(), i, count, x);
      int rows = rows(i, count);
      RowNorm.forward(x, y, rows, width, gain, bias, epsilon, inverse, i * time);
      normal.write(i * in.size(), x, rows * width);
      mask(i, y);
      out.data().write(i * in.size(), series(i, y), count * in.size());
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    Block below = in.gradient();
    float beta = below == null ? 0 : below.beta();
    gains.read(gain);
    Arrays.fill(gainSums, 0);
    Arrays.fill(biasSums, 0);
    for (int i = 0; i < step.examples(); i += each) {
      int count = Math.min(each, step.examples() - i);
      read(gradient, i, count, y);
      mask(i, y);
      int rows = rows(i, count);
      normal.read(i * in.size(), x, rows * width);
      RowNorm.backward(y, x, rows, width, gain, inverse, i * time, gainSums, biasSums);
      if (below != null) {
        below.add(beta, i * in.size(), series(i, y), count * in.size(), x);
      }
    }
    gains.writeGradient(gainSums);
    biases.writeGradient(biasSums);
  }
}
