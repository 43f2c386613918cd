package sluice.network.compiled;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.SelfAttention;

/** {@link SelfAttention}, over {@link StepRows}. */
final class SelfAttentionOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final Connected projections;
  private final Connected output;
  private final Heads heads;

  /** Null without rotary positions. */
  private final @Nullable Rotary rotary;

  private final StepRows steps;
  private final SeriesRows read;
  private final SeriesRows given;
  private final Block x;
  private final Block gathered;
  private final Block y;
  private final Block byGathered;
  private final float[] some;

  private SelfAttentionOp(Compilation c, SelfAttention layer, Layer atWork, Tensor in) {
    this.in = in;
    int features = in.shape()[0];
    int width = (int) layer.getNOut();
    int time = in.shape()[1];
    out = c.learning(width, time).masked(in.mask());
    steps = new StepRows(c, time);
    List<String> names = SelfAttention.parameterNames();
    projections = new Connected(c, atWork, names.get(0), names.get(1), steps, null);
    output = new Connected(c, atWork, names.get(2), names.get(3), steps, null);
    heads =
        new Heads(
            c, layer.getHeads(), layer.isCausal(), steps, width, layer.getAttentionDropRate());
    rotary = layer.isRotary() ? new Rotary(layer.getHeads(), time, width) : null;
    read = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, features, time);
    given = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, width, time);
    x = steps.block(c, features);
    gathered = steps.block(c, width);
    y = steps.block(c, width);
    byGathered = c.backwardBlock(width, time);
    some = new float[Math.max(Loops.CHUNK, 3 * width)];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    SelfAttentionOp op = new SelfAttentionOp(c, (SelfAttention) settings, layer, in);
    c.add(op);
    return Optional.of(op.out);
  }

  @Override
  public void forward(Step step) {
    for (int from = 0; from < step.examples(); ) {
      from = steps.take(from, step.examples(), in.mask());
      forwardRows(step);
    }
  }

  private void forwardRows(Step step) {
    int rows = steps.count();
    read.toRows(steps, in.data(), null, x);
    projections.forward(step, steps, x, heads.all());
    addBiases(step, projections, rows, heads.all());
    turn(rows, heads.all(), 1);
    heads.forward(steps, step.training(), in.mask(), gathered);
    output.forward(step, steps, gathered, y);
    addBiases(step, output, rows, y);
    given.toSeries(steps, y, out.mask(), out.data());
  }

  private void addBiases(Step step, Connected layer, int rows, Block block) {
    if (layer.finishes(step)) {
      return;
    }
    SeriesRows.pass(
        rows,
        layer.width(),
        block,
        some,
        (numbers, row, count) -> layer.addBiases(numbers, count),
        block);
  }

  private void turn(int rows, Block all, float sign) {
    if (rotary != null) {
      Rotary positions = rotary;
      SeriesRows.pass(
          rows,
          projections.width(),
          all,
          some,
          (numbers, row, count) -> positions.turn(steps, numbers, row, count, sign),
          all);
    }
  }

  private void sumBiases(Connected layer, int rows, Block block) {
    layer.beginBackward();
    SeriesRows.look(
        rows, layer.width(), block, some, (numbers, row, count) -> layer.sumBiases(numbers, count));
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int rows = steps.count();
    given.toRows(steps, gradient, out.mask(), y);
    sumBiases(output, rows, y);
    output.backward(rows, gathered, y, byGathered, 0);
    heads.backward(steps, byGathered);
    turn(rows, heads.byAll(), -1);
    sumBiases(projections, rows, heads.byAll());
    Block below = in.gradient();
    projections.backward(rows, x, heads.byAll(), below == null ? null : x, 0);
    if (below != null) {
      read.addToSeries(steps, x, below);
    }
  }
}
