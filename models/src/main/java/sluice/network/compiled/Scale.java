package sluice.network.compiled;

/** A value times a constant. */
final class Scale implements Op {
  private final Tensor in;
  private final Tensor out;
  private final float factor;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] scratch = new float[Loops.CHUNK];

  Scale(Tensor in, Tensor out, float factor) {
    this.in = in;
    this.out = out;
    this.factor = factor;
  }

  @Override
  public void forward(Step step) {
    int size = step.examples() * in.size();
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.data().read(at, numbers, count);
      Loops.scale(numbers, count, factor);
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
      Loops.scale(numbers, count, factor);
      below.add(beta, at, numbers, count, scratch);
    }
  }
}
