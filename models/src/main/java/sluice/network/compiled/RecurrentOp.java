package sluice.network.compiled;

/** A recurrent layer in one direction. */
final class RecurrentOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final RecurrentCell cell;
  private final StepRows read;
  private final StepRows given;
  private final Block x;
  private final Block byStates;

  RecurrentOp(Compilation c, Tensor in, Tensor out, RecurrentCell cell) {
    this.in = in;
    this.out = out;
    this.cell = cell;
    int time = in.shape()[1];
    read = new StepRows(in.shape()[0], time);
    given = new StepRows(cell.width(), time);
    x = c.block(in.size());
    byStates = c.block(out.size());
  }

  @Override
  public void forward(Step step) {
    read.toRows(step.examples(), in.data(), x);
    given.toSeries(step.examples(), cell.forward(step, x), out.data());
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    given.toRows(step.examples(), gradient, byStates);
    Block below = in.gradient();
    cell.backward(step, x, byStates, below == null ? null : x);
    if (below != null) {
      read.addToSeries(step.examples(), x, below);
    }
  }
}
