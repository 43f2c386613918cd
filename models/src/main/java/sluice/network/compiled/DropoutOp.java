package sluice.network.compiled;

/** Inverted dropout, drawn as Deeplearning4j draws it from the generator of this thread. */
final class DropoutOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final DropoutMask mask;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] scratch = new float[Loops.CHUNK];

  /**
   * @param keep the share that is not dropped
   */
  DropoutOp(Tensor in, Tensor out, double keep) {
    this.in = in;
    this.out = out;
    mask = new DropoutMask(keep);
  }

  @Override
  public void forward(Step step) {
    int size = step.examples() * in.size();
    if (step.training()) {
      mask.draw(size);
    }
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.data().read(at, numbers, count);
      if (step.training()) {
        mask.multiply(numbers, at, count);
      }
      out.data().write(at, numbers, count);
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    Block below = in.gradient();
    if (gradient == null || below == null) {
      return;
    }
    float beta = below.beta();
    int size = step.examples() * in.size();
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      gradient.read(at, numbers, count);
      mask.multiply(numbers, at, count);
      below.add(beta, at, numbers, count, scratch);
    }
  }
}
