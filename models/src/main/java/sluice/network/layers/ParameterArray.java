package sluice.network.layers;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One array among the parameters of a layer.
 *
 * @param name without an underscore, at which Deeplearning4j splits names
 * @param shape of the array
 * @param order in which its numbers lie: {@code c} by rows, {@code f} by columns
 * @param role which says what penalties and which updater it has
 * @param initial what it begins as
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ParameterArray(String name, long[] shape, char order, Role role, Initial initial) {
  /** What an array is to penalties and updaters. */
  enum Role {
    /** It has the layer's penalties. */
    WEIGHT,
    /** It has the penalties and the updater of biases. */
    BIAS,
    /** It has neither penalties nor weight decay, and the updater of weights: gains, embeddings. */
    FREE
  }

  /** How an array is filled. */
  @FunctionalInterface
  interface Initial {
    /**
     * Overwrites the array.
     *
     * @param view the array's numbers as they lie
     */
    void fill(INDArray view, BaseLayer layer);
  }

  /**
   * A matrix [in, out] by columns, as Deeplearning4j's dense layers have, with the layer's fill.
   */
  static ParameterArray matrix(String name, long in, long out) {
    return weights(name, new long[] {in, out}, 'f', in, out);
  }

  /** Weights that the layer's weight initialiser fills. */
  static ParameterArray weights(String name, long[] shape, char order, long fanIn, long fanOut) {
    return new ParameterArray(name, shape, order, Role.WEIGHT, filled(shape, order, fanIn, fanOut));
  }

  /**
   * A table of learnt vectors, [rows, width] by rows, that the layer's weight initialiser fills. It
   * is free: a penalty would move every vector in every step, also of what no example has.
   */
  static ParameterArray embeddings(String name, long rows, long width, long fanIn, long fanOut) {
    long[] shape = {rows, width};
    return new ParameterArray(name, shape, 'c', Role.FREE, filled(shape, 'c', fanIn, fanOut));
  }

  private static Initial filled(long[] shape, char order, long fanIn, long fanOut) {
    return (view, layer) ->
        layer.getWeightInitFn().init((double) fanIn, (double) fanOut, shape, order, view);
  }

  /** A vector that begins as zeros. */
  static ParameterArray bias(String name, long length) {
    return new ParameterArray(
        name, new long[] {length}, 'c', Role.BIAS, (view, layer) -> view.assign(0));
  }

  long length() {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return length;
  }
}
