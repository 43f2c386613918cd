package sluice.network.compiled;

/** A value times a constant. */
final class Scale extends ElementOp {
  private final float factor;

  Scale(Tensor in, Tensor out, float factor) {
    super(in, out);
    this.factor = factor;
  }

  @Override
  void forward(Step step, int at, float[] chunk, int count) {
    Loops.scale(chunk, count, factor);
  }

  @Override
  void backward(int at, float[] deltas, int count, float[] room) {
    Loops.scale(deltas, count, factor);
  }
}
