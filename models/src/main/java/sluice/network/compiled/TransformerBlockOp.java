package sluice.network.compiled;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.SelfAttention;
import sluice.network.layers.TransformerBlock;
import sluice.network.layers.TransformerBlock.Norm;

/**
 * {@link TransformerBlock}, over {@link StepRows}. Biases, where the products do not add them,
 * dropout and residual connections are part of the passes of the norms; gradients of residual
 * branches are added by the products.
 */
final class TransformerBlockOp implements Op {
  private static final NormRows.OnRows NOTHING = (numbers, row, count) -> {};

  private final Tensor in;
  private final Tensor out;
  private final int width;
  private final boolean pre;
  private final NormRows attentionNorm;
  private final NormRows hiddenNorm;
  private final Connected projections;
  private final Connected output;
  private final Connected hidden;
  private final Connected back;
  private final Heads heads;
  private final Gelu gelu;

  /** Null without rotary positions. */
  private final @Nullable Rotary rotary;

  private final StepRows steps;
  private final SeriesRows series;

  /** Null without dropout. */
  private final @Nullable DropoutMask attendedMask;

  private final @Nullable DropoutMask hiddenMask;
  private final @Nullable DropoutMask backMask;

  /** What the block reads, and on the way back the gradient by it. */
  private final Block x;

  /** What attention reads: x normalised, or x. */
  private final Block read;

  private final Block gathered;
  private final Block attended;

  /** What the connected layers read. */
  private final Block hiddenRead;

  /** What comes before GELU, and where the network learns its derivative there. */
  private final Block beforeGelu;

  private final Block behindGelu;
  private final Block y;

  private final Block byGelu;
  private final Block dropped;
  private final float[] some;
  private final float[] other;

  private TransformerBlockOp(Compilation c, TransformerBlock layer, Layer atWork, Tensor in) {
    this.in = in;
    width = in.shape()[0];
    int time = in.shape()[1];
    out = c.learning(width, time).masked(in.mask());
    pre = layer.getNorm() == Norm.PRE;
    steps = new StepRows(c, time);
    attentionNorm =
        new NormRows(
            c,
            atWork,
            TransformerBlock.ATTENTION_GAIN,
            TransformerBlock.ATTENTION_BIAS,
            steps,
            layer.getEpsilon());
    hiddenNorm =
        new NormRows(
            c,
            atWork,
            TransformerBlock.HIDDEN_GAIN,
            TransformerBlock.HIDDEN_BIAS,
            steps,
            layer.getEpsilon());
    List<String> names = SelfAttention.parameterNames();
    projections = new Connected(c, atWork, names.get(0), names.get(1), steps, null);
    output = new Connected(c, atWork, names.get(2), names.get(3), steps, null);
    hidden =
        new Connected(
            c,
            atWork,
            TransformerBlock.HIDDEN,
            TransformerBlock.HIDDEN_BIASES,
            steps,
            layer.getGelu());
    back =
        new Connected(c, atWork, TransformerBlock.BACK, TransformerBlock.BACK_BIASES, steps, null);
    heads =
        new Heads(
            c, layer.getHeads(), layer.isCausal(), steps, width, layer.getAttentionDropRate());
    gelu = Gelu.of(layer.getGelu());
    rotary = layer.isRotary() ? new Rotary(layer.getHeads(), time, width) : null;
    series = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, width, time);
    attendedMask = mask(layer.getDropRate());
    hiddenMask = mask(layer.getDropRate());
    backMask = mask(layer.getDropRate());
    x = steps.block(c, width);
    read = pre ? steps.block(c, width) : x;
    gathered = steps.block(c, width);
    attended = steps.block(c, width);
    hiddenRead = steps.block(c, width);
    beforeGelu = steps.block(c, layer.getHidden());
    behindGelu = steps.block(c, layer.getHidden());
    y = steps.block(c, width);
    byGelu = c.backwardBlock(layer.getHidden(), time);
    dropped = c.backwardBlock(width, time);
    some = new float[Math.max(Loops.CHUNK, Math.max(3 * width, layer.getHidden()))];
    other = new float[some.length];
  }

  private static @Nullable DropoutMask mask(double rate) {
    return rate == 0 ? null : new DropoutMask(1 - rate);
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    TransformerBlockOp op = new TransformerBlockOp(c, (TransformerBlock) settings, layer, in);
    c.add(op);
    return Optional.of(op.out);
  }

  /** Draws for all steps, padding included, as Deeplearning4j does. */
  private void draw(@Nullable DropoutMask mask, Step step, int each) {
    if (mask != null && step.training()) {
      mask.draw(steps.examples() * steps.time() * each);
    }
  }

  /** What is done to rows that a connected layer gives: biases, dropout, the residual branch. */
  private NormRows.OnRows joined(
      Connected layer, @Nullable DropoutMask mask, Step step, Block residual) {
    return (numbers, row, count) -> {
      if (!layer.finishes(step)) {
        layer.addBiases(numbers, count);
      }
      if (mask != null && step.training()) {
        steps.drop(mask, numbers, row, count, width);
      }
      residual.read(row * width, other, count * width);
      Loops.add(numbers, other, count * width);
    };
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
    series.toRows(steps, in.data(), null, x);
    if (pre) {
      attentionNorm.forward(rows, x, NOTHING, null, read);
    }
    projections.forward(step, steps, read, heads.all());
    if (rotary != null || !projections.finishes(step)) {
      SeriesRows.pass(
          rows,
          projections.width(),
          heads.all(),
          some,
          (numbers, row, count) -> {
            if (!projections.finishes(step)) {
              projections.addBiases(numbers, count);
            }
            turn(numbers, row, count, 1);
          },
          heads.all());
    }
    heads.forward(steps, step.training(), in.mask(), gathered);
    output.forward(step, steps, gathered, attended);
    draw(attendedMask, step, width);
    NormRows middle = pre ? hiddenNorm : attentionNorm;
    middle.forward(
        rows, attended, joined(output, attendedMask, step, x), pre ? attended : null, hiddenRead);
    if (hidden.finishes(step)) {
      hidden.forward(step, steps, hiddenRead, behindGelu);
    } else {
      hidden.forward(step, steps, hiddenRead, beforeGelu);
      draw(hiddenMask, step, hidden.width());
      SeriesRows.pass(
          rows,
          hidden.width(),
          beforeGelu,
          some,
          (numbers, row, count) -> gelu(numbers, row, count, step),
          beforeGelu);
    }
    back.forward(step, steps, behindGelu, y);
    draw(backMask, step, width);
    NormRows.OnRows sum = joined(back, backMask, step, pre ? attended : hiddenRead);
    if (pre) {
      SeriesRows.pass(rows, width, y, some, sum, y);
    } else {
      hiddenNorm.forward(rows, y, sum, null, y);
    }
    series.toSeries(steps, y, out.mask(), out.data());
  }

  private void gelu(float[] numbers, int row, int count, Step step) {
    int length = count * hidden.width();
    hidden.addBiases(numbers, count);
    if (step.training() && out.gradient() != null) {
      gelu.forwardWithSlopes(numbers, other, length);
    } else {
      gelu.forward(numbers, other, length);
    }
    if (hiddenMask != null && step.training()) {
      steps.drop(hiddenMask, other, row, count, hidden.width());
    }
    behindGelu.write(row * hidden.width(), other, length);
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int rows = steps.count();
    // From here on y, and then x, hold gradients of the sums that they are.
    series.toRows(steps, gradient, out.mask(), y);
    if (!pre) {
      hiddenNorm.backward(rows, y, NOTHING, y);
    }
    back.backward(rows, behindGelu, undropped(back, backMask, rows, y), byGelu, 0);
    hidden.beginBackward();
    SeriesRows.pass(rows, hidden.width(), byGelu, some, this::throughGelu, byGelu);
    if (pre) {
      hidden.backward(rows, hiddenRead, byGelu, dropped, 0);
      hiddenNorm.backward(rows, dropped, plus(y), y);
    } else {
      hidden.backward(rows, hiddenRead, byGelu, y, 1);
      attentionNorm.backward(rows, y, NOTHING, y);
    }
    output.backward(rows, gathered, undropped(output, attendedMask, rows, y), attended, 0);
    heads.backward(steps, attended);
    projections.beginBackward();
    SeriesRows.pass(
        rows,
        projections.width(),
        heads.byAll(),
        some,
        (numbers, row, count) -> {
          turn(numbers, row, count, -1);
          projections.sumBiases(numbers, count);
        },
        heads.byAll());
    if (pre) {
      projections.backward(rows, read, heads.byAll(), dropped, 0);
      attentionNorm.backward(rows, dropped, plus(y), y);
    } else {
      projections.backward(rows, read, heads.byAll(), y, 1);
    }
    Block below = in.gradient();
    if (below != null) {
      series.addToSeries(steps, y, below);
    }
  }

  private void turn(float[] numbers, int row, int count, float sign) {
    if (rotary != null) {
      rotary.turn(steps, numbers, row, count, sign);
    }
  }

  private NormRows.OnRows plus(Block block) {
    return (numbers, row, count) -> {
      block.read(row * width, other, count * width);
      Loops.add(numbers, other, count * width);
    };
  }

  private void throughGelu(float[] numbers, int row, int count) {
    int length = count * hidden.width();
    if (hiddenMask != null) {
      steps.drop(hiddenMask, numbers, row, count, hidden.width());
    }
    beforeGelu.read(row * hidden.width(), other, length);
    Loops.multiply(numbers, other, length);
    hidden.sumBiases(numbers, count);
  }

  /** The gradient by what a connected layer gave, from that by the sum that it went into. */
  private Block undropped(Connected layer, @Nullable DropoutMask mask, int rows, Block sum) {
    layer.beginBackward();
    if (mask == null) {
      SeriesRows.look(
          rows, width, sum, some, (numbers, row, count) -> layer.sumBiases(numbers, count));
      return sum;
    }
    SeriesRows.pass(
        rows,
        width,
        sum,
        some,
        (numbers, row, count) -> {
          steps.drop(mask, numbers, row, count, width);
          layer.sumBiases(numbers, count);
        },
        dropped);
    return dropped;
  }
}
