package sluice.network.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer at work that gives one vector of all steps of a series: a mask over the steps ends at it.
 */
abstract class ReducingLayer<C extends FeedForwardLayer> extends RuntimeLayer<C> {
  private static final long serialVersionUID = 1L;

  /** [examples, time]; null without a mask. */
  private transient @Nullable INDArray mask;

  ReducingLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** It is over what the layer reads, where masks of other layers are over what they give. */
  @Override
  public void setMaskArray(@Nullable INDArray mask) {
    this.mask = mask;
  }

  @Override
  public Pair<@Nullable INDArray, @Nullable MaskState> feedForwardMaskArray(
      @Nullable INDArray mask, @Nullable MaskState state, int examples) {
    setMaskArray(mask);
    return new Pair<>(null, null);
  }

  /** Whether the mask does not leave a step out. */
  boolean isThere(int example, int step) {
    INDArray over = mask;
    return over == null || over.getDouble(example, step) != 0;
  }
}
