package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;

/**
 * A vector for each index of a series, from Deeplearning4j's table [indices, features]. It lies by
 * columns, as the series does that comes out: so one feature of all examples is gathered at a time,
 * from a part of the table that stays in the cache. A row of it lies far apart, and a large table
 * is updated as a whole.
 */
final class EmbeddingSequenceOp implements Op {
  private final String name;
  private final Tensor in;
  private final Tensor out;
  private final Weights table;
  private final @Nullable Weights biases;

  /** The rows of the table. */
  private final int count;

  private final int width;
  private final int time;
  private final float[] column;
  private final float[] bias;
  private final float[] sums;
  private final float[] steps;
  private float[] indices = {};
  private int[] rows = {};

  private EmbeddingSequenceOp(
      Compilation c, Layer layer, EmbeddingSequenceLayer settings, Tensor in) {
    String given = settings.getLayerName();
    name = given == null ? EmbeddingSequenceLayer.class.getSimpleName() : given;
    this.in = in;
    table = requireNonNull(c.weights(layer, DefaultParamInitializer.WEIGHT_KEY));
    biases = c.weights(layer, DefaultParamInitializer.BIAS_KEY);
    width = (int) settings.getNOut();
    count = table.count() / width;
    time = in.size();
    out = in.isSeries() ? c.learning(width, time).masked(in.mask()) : c.learning(width, time);
    column = new float[count];
    bias = new float[width];
    sums = new float[width];
    steps = new float[time];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    EmbeddingSequenceLayer embedding = (EmbeddingSequenceLayer) settings;
    Optional<Activation> activation = Activations.of(embedding.getActivationFn());
    boolean series = in.shape().length == 1 || (in.shape().length == 2 && in.shape()[0] == 1);
    boolean fits = embedding.isInferInputLength() || embedding.getInputLength() == in.size();
    if (activation.isEmpty() || !series || !fits || embedding.getOutputFormat() != RNNFormat.NCW) {
      return Optional.empty();
    }
    EmbeddingSequenceOp op = new EmbeddingSequenceOp(c, layer, embedding, in);
    c.add(op);
    return Optional.of(c.activated(op.out, activation.get()));
  }

  @Override
  public void forward(Step step) {
    int all = step.examples() * time;
    if (indices.length < all) {
      indices = new float[all];
      rows = new int[all];
    }
    in.data().read(0, indices, all);
    for (int i = 0; i < all; i++) {
      rows[i] = row(indices[i], i % time);
    }
    if (biases != null) {
      biases.read(bias);
    }
    for (int feature = 0; feature < width; feature++) {
      table.parameters().read(table.at() + feature * count, column, count);
      for (int example = 0; example < step.examples(); example++) {
        gather(example * time, bias[feature]);
        out.mask().multiplyRows(example, steps, 1);
        out.data().write((example * width + feature) * time, steps, time);
      }
    }
  }

  private int row(float index, int step) {
    int row = (int) index;
    if (row != index || row < 0 || row >= count) {
      throw InvalidInput.data(
          "layer %s: step %d: an index must be a whole number from 0 to %d, got %s"
              .formatted(name, step, count - 1, index));
    }
    return row;
  }

  private void gather(int at, float number) {
    for (int i = 0; i < time; i++) {
      steps[i] = column[rows[at + i]] + number;
    }
  }

  @Override
  public void backward(Step step) {
    Block below = in.gradient();
    if (below != null && below.beta() == 0) {
      below.write(0, new float[step.examples() * time], step.examples() * time);
    }
    Block gradient = out.gradient();
    Block gradients = table.gradients();
    if (gradient == null || gradients == null) {
      return;
    }
    for (int feature = 0; feature < width; feature++) {
      Arrays.fill(column, 0);
      sums[feature] = 0;
      for (int example = 0; example < step.examples(); example++) {
        gradient.read((example * width + feature) * time, steps, time);
        out.mask().multiplyRows(example, steps, 1);
        scatter(example * time);
        sums[feature] += Loops.sum(steps, 0, time);
      }
      gradients.write(table.at() + feature * count, column, count);
    }
    if (biases != null) {
      biases.writeGradient(sums);
    }
  }

  private void scatter(int at) {
    for (int i = 0; i < time; i++) {
      column[rows[at + i]] += steps[i];
    }
  }
}
