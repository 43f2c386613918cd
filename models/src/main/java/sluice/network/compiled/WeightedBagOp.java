package sluice.network.compiled;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import sluice.network.layers.WeightedBag;

/**
 * {@link WeightedBag}, example by example and from the first step to the last that is there, so
 * that no sum depends on the padding.
 */
final class WeightedBagOp implements Op {
  private final WeightedBag layer;
  private final EmbeddingTable table;
  private final Tensor in;
  private final Tensor out;
  private final int time;

  /** Of an example the indices, and behind them the weights. */
  private final float[] series;

  /** Likewise the gradients by them, those by indices zero. */
  private final float[] byStep;

  private final float[] scratch;
  private final float[] vector;
  private final float[] sum;

  /** The rows of the steps that are there, one example's behind the other's. */
  private int[] rows = {};

  /** Where each example's begin among them. */
  private int[] starts = {};

  private WeightedBagOp(WeightedBag layer, EmbeddingTable table, Tensor in, Tensor out) {
    this.layer = layer;
    this.table = table;
    this.in = in;
    this.out = out;
    time = in.shape()[1];
    series = new float[in.size()];
    byStep = new float[in.size()];
    scratch = new float[in.size()];
    vector = new float[out.size()];
    sum = new float[out.size()];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    WeightedBag bag = (WeightedBag) settings;
    EmbeddingTable table = new EmbeddingTable(c, layer, WeightedBag.VECTORS, bag.getVocabulary());
    Tensor out = c.learning((int) bag.getNOut());
    c.add(new WeightedBagOp(bag, table, in, out));
    return Optional.of(out);
  }

  private void read(int example) {
    in.data().read(example * series.length, series, series.length);
  }

  @Override
  public void forward(Step step) {
    int examples = step.examples();
    if (starts.length <= examples) {
      starts = new int[examples + 1];
      rows = new int[examples * time];
    }
    int count = 0;
    for (int example = 0; example < examples; example++) {
      read(example);
      starts[example] = count;
      Arrays.fill(sum, 0);
      int length = in.mask().length(example);
      for (int t = 0; t < length; t++) {
        if (in.mask().at(example, t) != 0) {
          int row = layer.row(series[t]);
          rows[count++] = row;
          table.gather(row, vector, 0);
          addTo(sum, series[time + t], vector);
        }
      }
      out.data().write(example * sum.length, sum, sum.length);
    }
    starts[examples] = count;
  }

  private static void addTo(float[] sums, float factor, float[] from) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * from[i];
    }
  }

  @Override
  public void backward(Step step) {
    int examples = step.examples();
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    Block below = in.gradient();
    float beta = below == null ? 0 : below.beta();
    table.begin(rows, starts[examples]);
    for (int example = 0; example < examples; example++) {
      read(example);
      gradient.read(example * sum.length, sum, sum.length);
      Arrays.fill(byStep, 0);
      int at = starts[example];
      for (int t = 0; at < starts[example + 1]; t++) {
        if (in.mask().at(example, t) != 0) {
          int row = rows[at++];
          if (below != null) {
            table.gather(row, vector, 0);
            byStep[time + t] = Loops.dot(vector, 0, sum, 0, sum.length);
          }
          Arrays.fill(vector, 0);
          addTo(vector, series[time + t], sum);
          table.scatter(row, vector, 0);
        }
      }
      if (below != null) {
        below.add(beta, example * byStep.length, byStep, byStep.length, scratch);
      }
    }
  }
}
