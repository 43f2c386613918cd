package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;

/**
 * Deeplearning4j's output of a series: at each step a fully connected layer and its loss, of which
 * an example has the sum. A mask over the labels weighs steps, or outputs of steps.
 */
final class SeriesLoss implements OutputOp {
  private final Tensor in;
  private final LossKernel kernel;
  private final int index;
  private final int time;
  private final Connected connected;
  private final SeriesRows read;
  private final Block x;
  private final Block z;

  /** What comes out, in the shape of the labels. */
  private final Block series;

  private final float[] values;
  private final float[] gradient;
  private final float[] shares;
  private final float[] labels;
  private float[] losses = {};
  private int examples;

  /**
   * @param in the series
   * @param index of the output among those of the network
   */
  SeriesLoss(Compilation c, Layer layer, Tensor in, LossKernel kernel, int index) {
    this.in = in;
    this.kernel = kernel;
    this.index = index;
    time = in.shape()[1];
    connected =
        new Connected(
            c, layer, DefaultParamInitializer.WEIGHT_KEY, DefaultParamInitializer.BIAS_KEY);
    int classes = connected.width();
    read = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, in.shape()[0], time);
    x = c.block(in.size());
    z = c.block(classes, time);
    series = c.block(classes, time);
    values = new float[classes * time];
    gradient = new float[values.length];
    shares = new float[values.length];
    labels = new float[values.length];
  }

  @Override
  public void forward(Step step) {
    examples = step.examples();
    if (losses.length != examples) {
      losses = new float[examples];
    }
    read.toRows(examples, in.data(), x);
    connected.forward(step, examples * time, x, z);
    @Nullable Labels target = step.targets().isEmpty() ? null : step.targets().get(index);
    float[] all = target == null ? new float[values.length] : Numbers.of(target.array());
    float[] weights =
        target == null || target.mask() == null ? null : Numbers.of(requireNonNull(target.mask()));
    int classes = connected.width();
    connected.beginBackward();
    for (int i = 0; i < examples; i++) {
      z.read(i * values.length, values, values.length);
      connected.addBiases(values, time);
      Transposes.transpose(all, target == null ? 0 : i * values.length, classes, time, labels, 0);
      for (int row = 0; row < time; row++) {
        kernel.judge(values, labels, row * classes, classes, gradient, shares);
        if (weights != null) {
          weigh(weights, i, row);
        }
      }
      losses[i] = sum(shares);
      Transposes.transpose(values, 0, time, classes, labels, 0);
      series.write(i * values.length, labels, values.length);
      connected.sumBiases(gradient, time);
      z.write(i * values.length, gradient, values.length);
    }
  }

  /** The mask has a number for each step, or in the shape of the labels for each output. */
  private void weigh(float[] weights, int example, int step) {
    int classes = connected.width();
    boolean each = weights.length > examples * time;
    for (int j = 0; j < classes; j++) {
      int at = each ? (example * classes + j) * time + step : example * time + step;
      gradient[step * classes + j] *= weights[at];
      shares[step * classes + j] *= weights[at];
    }
  }

  private static float sum(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return (float) sum;
  }

  @Override
  public void backward(Step step) {
    @Nullable Block below = in.gradient();
    connected.backward(examples * time, x, z, below == null ? null : x, 0);
    if (below != null) {
      if (in.mask().state() == MaskState.Active) {
        multiplyRows();
      }
      read.addToSeries(examples, x, below);
    }
  }

  /** Steps that are not there get no gradient. */
  private void multiplyRows() {
    float[] rows = new float[in.mask().isGiven() ? in.size() : 0];
    for (int i = 0; in.mask().isGiven() && i < examples; i++) {
      x.read(i * rows.length, rows, rows.length);
      in.mask().multiplyRows(i, rows, in.shape()[0]);
      x.write(i * rows.length, rows, rows.length);
    }
  }

  @Override
  public float[] losses() {
    return losses;
  }

  @Override
  public float[] outputs() {
    float[] outputs = new float[examples * values.length];
    series.read(0, outputs, outputs.length);
    return outputs;
  }
}
