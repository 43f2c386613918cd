package sluice.network.compiled;

import java.util.List;

/** Of each example one value behind the other. */
final class Merge implements Op {
  private final List<Tensor> in;
  private final Tensor out;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] scratch = new float[Loops.CHUNK];

  Merge(List<Tensor> in, Tensor out) {
    this.in = List.copyOf(in);
    this.out = out;
  }

  @Override
  public void forward(Step step) {
    int offset = 0;
    for (Tensor each : in) {
      int size = each.size();
      for (int example = 0; example < step.examples(); example++) {
        for (int at = 0; at < size; at += numbers.length) {
          int count = Math.min(numbers.length, size - at);
          each.data().read(example * size + at, numbers, count);
          out.data().write(example * out.size() + offset + at, numbers, count);
        }
      }
      offset += size;
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int offset = 0;
    for (Tensor each : in) {
      Block below = each.gradient();
      if (below != null) {
        split(gradient, offset, below, step.examples());
      }
      offset += each.size();
    }
  }

  private void split(Block gradient, int offset, Block below, int examples) {
    float beta = below.beta();
    int size = below.size();
    for (int example = 0; example < examples; example++) {
      for (int at = 0; at < size; at += numbers.length) {
        int count = Math.min(numbers.length, size - at);
        gradient.read(example * out.size() + offset + at, numbers, count);
        below.add(beta, example * size + at, numbers, count, scratch);
      }
    }
  }
}
