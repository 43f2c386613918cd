package sluice.network.compiled;

/** Inverted dropout, drawn as Deeplearning4j draws it from the generator of this thread. */
final class DropoutOp extends ElementOp {
  private final DropoutMask mask;

  /**
   * @param keep the share that is not dropped
   */
  DropoutOp(Tensor in, Tensor out, double keep) {
    super(in, out);
    mask = new DropoutMask(keep);
  }

  @Override
  void begin(Step step, int size) {
    if (step.training()) {
      mask.draw(size);
    }
  }

  @Override
  void forward(Step step, int at, float[] chunk, int count) {
    if (step.training()) {
      mask.multiply(chunk, at, count);
    }
  }

  @Override
  void backward(int at, float[] deltas, int count, float[] room) {
    mask.multiply(deltas, at, count);
  }
}
