package sluice.network.compiled;

/** One operation of a compiled network. */
interface Op {
  /** Computes the operation's values of this minibatch from those that it reads. */
  void forward(Step step);

  /**
   * Writes the gradients of the operation's parameters, and adds to those of the values that it
   * reads, from the gradient of its own value, which it may overwrite.
   */
  void backward(Step step);
}
