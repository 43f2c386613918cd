package sluice.network.compiled;

import java.util.List;

/** The operations of a network for inputs of given shapes, in the order of the way forward. */
final class Plan {
  private final Arena arena;
  private final List<Tensor> inputs;
  private final List<Op> ops;
  private final List<OutputOp> outputs;
  private final List<String> fallbacks;

  /** All gradients of values, each of which several operations may add to. */
  private final List<Block> gradients;

  Plan(
      Arena arena,
      List<Tensor> inputs,
      List<Op> ops,
      List<OutputOp> outputs,
      List<String> fallbacks,
      List<Block> gradients) {
    this.arena = arena;
    this.inputs = List.copyOf(inputs);
    this.ops = List.copyOf(ops);
    this.outputs = List.copyOf(outputs);
    this.fallbacks = List.copyOf(fallbacks);
    this.gradients = List.copyOf(gradients);
  }

  List<Tensor> inputs() {
    return inputs;
  }

  List<OutputOp> outputs() {
    return outputs;
  }

  /** The layers that have no kernel. */
  List<String> fallbacks() {
    return fallbacks;
  }

  void makeRoom(int examples) {
    arena.makeRoom(examples);
  }

  void forward(Step step) {
    for (Op op : ops) {
      op.forward(step);
    }
  }

  void backward(Step step) {
    for (Block gradient : gradients) {
      gradient.clear();
    }
    for (int i = ops.size() - 1; i >= 0; i--) {
      ops.get(i).backward(step);
    }
  }
}
