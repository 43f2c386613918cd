package sluice.network.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer that makes one vector of each series, at which a mask over steps ends. */
abstract class SeriesEnd<C extends ParametricLayer> extends RuntimeLayer<C> {
  private static final long serialVersionUID = 1L;

  /** [examples, time]; null without a mask. */
  private transient @Nullable INDArray steps;

  SeriesEnd(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  /** It is over what the layer reads, where masks of other layers are over what they give. */
  @Override
  public void setMaskArray(@Nullable INDArray mask) {
    steps = mask;
  }

  @Override
  public Pair<@Nullable INDArray, @Nullable MaskState> feedForwardMaskArray(
      @Nullable INDArray mask, @Nullable MaskState state, int examples) {
    steps = mask;
    return new Pair<>(null, null);
  }

  /** Whether a step is there. */
  boolean isThere(int example, int step) {
    INDArray mask = steps;
    return mask == null || mask.getDouble(example, step) != 0;
  }

  /** How many steps an example has up to the last that is there. */
  int length(INDArray series, int example) {
    int length = (int) series.size(2);
    while (length > 0 && !isThere(example, length - 1)) {
      length--;
    }
    return length;
  }
}
