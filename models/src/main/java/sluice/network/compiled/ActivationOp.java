package sluice.network.compiled;

/** An activation function by itself. */
final class ActivationOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final Activation activation;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] deltas = new float[Loops.CHUNK];

  ActivationOp(Tensor in, Tensor out, Activation activation) {
    this.in = in;
    this.out = out;
    this.activation = activation;
  }

  @Override
  public void forward(Step step) {
    int size = step.examples() * in.size();
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.data().read(at, numbers, count);
      activation.forward(numbers, count);
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
    Block known = activation.keepsPreActivation() ? in.data() : out.data();
    int size = step.examples() * in.size();
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      known.read(at, numbers, count);
      gradient.read(at, deltas, count);
      activation.backward(numbers, deltas, count);
      below.add(beta, at, deltas, count, numbers);
    }
  }
}
