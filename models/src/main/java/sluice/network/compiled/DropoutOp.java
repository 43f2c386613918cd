package sluice.network.compiled;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;
import org.nd4j.linalg.factory.Nd4j;

/** Inverted dropout, drawn as Deeplearning4j draws it from the generator of this thread. */
final class DropoutOp implements Op {
  private final Tensor in;
  private final Tensor out;
  private final double keep;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] scratch = new float[Loops.CHUNK];
  private float[] mask = {};
  private final float[] piece = new float[Loops.CHUNK];

  /**
   * @param keep the share that is not dropped
   */
  DropoutOp(Tensor in, Tensor out, double keep) {
    this.in = in;
    this.out = out;
    this.keep = keep;
  }

  @Override
  public void forward(Step step) {
    int size = step.examples() * in.size();
    if (step.training()) {
      draw(size);
    }
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.data().read(at, numbers, count);
      if (step.training()) {
        System.arraycopy(mask, at, piece, 0, count);
        Loops.multiply(numbers, piece, count);
      }
      out.data().write(at, numbers, count);
    }
  }

  private void draw(int size) {
    if (mask.length < size) {
      mask = new float[size];
    }
    try (INDArray drawn = Nd4j.ones(DataType.FLOAT, size)) {
      Nd4j.getExecutioner().exec(new DropOutInverted(drawn, drawn, keep));
      drawn.data().asNioFloat().get(mask, 0, size);
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
      System.arraycopy(mask, at, piece, 0, count);
      Loops.multiply(numbers, piece, count);
      below.add(beta, at, numbers, count, scratch);
    }
  }
}
