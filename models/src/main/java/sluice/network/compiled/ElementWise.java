package sluice.network.compiled;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/** Values of one shape, number by number, and an activation behind them. */
final class ElementWise implements Op {
  private final List<Tensor> in;
  private final Tensor out;
  private final ElementWiseVertex.Op op;
  private final Activation activation;
  private final float[] numbers = new float[Loops.CHUNK];
  private final float[] others = new float[Loops.CHUNK];
  private final float[] deltas = new float[Loops.CHUNK];
  private final float[] derived = new float[Loops.CHUNK];

  /**
   * @param activation one that does not keep what comes before it
   */
  ElementWise(List<Tensor> in, Tensor out, ElementWiseVertex.Op op, Activation activation) {
    this.in = List.copyOf(in);
    this.out = out;
    this.op = op;
    this.activation = activation;
  }

  @Override
  public void forward(Step step) {
    int size = step.examples() * out.size();
    for (int at = 0; at < size; at += numbers.length) {
      int count = Math.min(numbers.length, size - at);
      in.get(0).data().read(at, numbers, count);
      for (Tensor each : in.subList(1, in.size())) {
        each.data().read(at, others, count);
        combine(count);
      }
      if (op == ElementWiseVertex.Op.Average) {
        Loops.scale(numbers, count, 1f / in.size());
      }
      activation.forward(numbers, count);
      out.data().write(at, numbers, count);
    }
  }

  private void combine(int count) {
    switch (op) {
      case Add, Average -> Loops.add(numbers, others, count);
      case Product -> Loops.multiply(numbers, others, count);
      case Subtract -> {
        for (int i = 0; i < count; i++) {
          numbers[i] -= others[i];
        }
      }
      case Max -> {
        for (int i = 0; i < count; i++) {
          numbers[i] = Math.max(numbers[i], others[i]);
        }
      }
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    float[] betas = new float[in.size()];
    for (int index = 0; index < betas.length; index++) {
      Block below = in.get(index).gradient();
      betas[index] = below == null ? 0 : below.beta();
    }
    int size = step.examples() * out.size();
    for (int at = 0; at < size; at += deltas.length) {
      int count = Math.min(deltas.length, size - at);
      gradient.read(at, deltas, count);
      if (activation != Activations.IDENTITY) {
        out.data().read(at, numbers, count);
        activation.backward(numbers, deltas, count);
      }
      for (int index = 0; index < betas.length; index++) {
        Block below = in.get(index).gradient();
        if (below != null) {
          System.arraycopy(deltas, 0, derived, 0, count);
          derive(index, at, count);
          below.add(betas[index], at, derived, count, numbers);
        }
      }
    }
  }

  /** From the gradient of the value that of one of those that were read. */
  private void derive(int index, int at, int count) {
    switch (op) {
      case Add -> {
        // It is the same.
      }
      case Average -> Loops.scale(derived, count, 1f / in.size());
      case Subtract -> {
        if (index > 0) {
          Loops.scale(derived, count, -1);
        }
      }
      case Product -> {
        for (int other = 0; other < in.size(); other++) {
          if (other != index) {
            in.get(other).data().read(at, others, count);
            Loops.multiply(derived, others, count);
          }
        }
      }
      case Max -> keepWhereGreatest(index, at, count);
    }
  }

  /** Of equal numbers the first is the greatest. */
  private void keepWhereGreatest(int index, int at, int count) {
    in.get(index).data().read(at, numbers, count);
    for (int other = 0; other < in.size(); other++) {
      if (other == index) {
        continue;
      }
      in.get(other).data().read(at, others, count);
      for (int i = 0; i < count; i++) {
        boolean greater = other < index ? numbers[i] > others[i] : numbers[i] >= others[i];
        derived[i] = greater ? derived[i] : 0;
      }
    }
  }
}
