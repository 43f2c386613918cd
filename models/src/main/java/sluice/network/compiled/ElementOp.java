package sluice.network.compiled;

/** An operation of each number by itself, computed over chunks. */
abstract class ElementOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] scratch = new float[Loops.CHUNK];

  ElementOp(Tensor in, Tensor out) {
    this.in = in;
    this.out = out;
  }

  /** Before all chunks of a minibatch on the way forward. */
  void begin(Step step, int size) {}

  /**
   * Overwrites numbers by what comes of them.
   *
   * @param at the place of the first among all of the minibatch
   */
  abstract void forward(Step step, int at, float[] chunk, int count);

  /**
   * Overwrites gradients of what came out by those of what went in.
   *
   * @param at the place of the first among all of the minibatch
   * @param room of a chunk
   */
  abstract void backward(int at, float[] deltas, int count, float[] room);

  @Override
  public final void forward(Step step) {
    int size = step.examples() * in.size();
    begin(step, size);
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.data().read(at, numbers, count);
      forward(step, at, numbers, count);
      out.data().write(at, numbers, count);
    }
  }

  @Override
  public final void backward(Step step) {
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
      backward(at, numbers, count, scratch);
      below.add(beta, at, numbers, count, scratch);
    }
  }
}
