package sluice.network.compiled;

/** An activation function by itself. */
final class ActivationOp extends ElementOp {
  private final Activation activation;
  private final Block known;

  ActivationOp(Tensor in, Tensor out, Activation activation) {
    super(in, out);
    this.activation = activation;
    known = activation.keepsPreActivation() ? in.data() : out.data();
  }

  @Override
  void forward(Step step, int at, float[] chunk, int count) {
    activation.forward(chunk, count);
  }

  @Override
  void backward(int at, float[] deltas, int count, float[] room) {
    known.read(at, room, count);
    activation.backward(room, deltas, count);
  }
}
