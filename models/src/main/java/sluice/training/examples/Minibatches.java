package sluice.training.examples;

import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A logical worker's way through a range of training, a minibatch at a time. */
public interface Minibatches extends AutoCloseable {

  /** Goes on to the next minibatch, the first at first; false after the last. */
  boolean advance();

  /** The epoch of the minibatch, from 0. */
  int epoch();

  /** The minibatch's place in its epoch, from 0. */
  int index();

  /** How many examples the minibatch has, at least 1. */
  int examples();

  /** The minibatch itself; its arrays are overwritten by the next. */
  MultiDataSet arrays();

  @Override
  void close();
}
