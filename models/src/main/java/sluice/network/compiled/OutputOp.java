package sluice.network.compiled;

/** An operation that ends in a loss. */
interface OutputOp extends Op {
  /** The loss of each example of the last minibatch, by its weight and without penalties. */
  float[] losses();

  /** What each example came to, row by row. */
  float[] outputs();
}
