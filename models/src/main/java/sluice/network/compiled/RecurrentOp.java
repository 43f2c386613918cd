package sluice.network.compiled;

import org.deeplearning4j.nn.api.MaskState;

/** A recurrent layer in one direction. */
final class RecurrentOp implements Op {
  /** What becomes of a mask over the steps. */
  enum Masking {
    /** The state is zero in steps that are not there, so that it does not run through padding. */
    APPLIED,
    /** It goes on to what stands behind, as with Deeplearning4j's LSTM by itself. */
    PASSED
  }

  private final Tensor in;
  private final Tensor out;
  private final RecurrentCell cell;
  private final SeriesRows read;
  private final SeriesRows given;
  private final Masking masking;

  /** Over the states. */
  private final StepMask mask;

  private final Block x;
  private final Block byStates;

  RecurrentOp(Compilation c, Tensor in, RecurrentCell cell, Masking masking) {
    this.in = in;
    this.cell = cell;
    this.masking = masking;
    int time = in.shape()[1];
    Tensor states = c.learning(cell.width(), time);
    boolean applied = masking == Masking.APPLIED;
    out = applied ? states.masked(in.mask()) : states;
    mask = applied ? in.mask() : new StepMask(time);
    read = new SeriesRows(SeriesRows.Order.BY_STEP, in.shape()[0], time);
    given = new SeriesRows(SeriesRows.Order.BY_STEP, cell.width(), time);
    x = c.block(in.size());
    byStates = c.block(out.size());
  }

  /** The states of all steps. */
  Tensor out() {
    return out;
  }

  @Override
  public void forward(Step step) {
    if (masking == Masking.PASSED) {
      out.mask().follow(in.mask(), MaskState.Passthrough);
    }
    read.toRows(step.examples(), in.data(), x);
    given.toSeries(step.examples(), cell.forward(step, mask, x), out.data());
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    given.toRows(step.examples(), gradient, byStates);
    Block below = in.gradient();
    cell.backward(step, mask, x, byStates, below == null ? null : x);
    if (below != null) {
      read.addToSeries(step.examples(), x, below);
    }
  }
}
