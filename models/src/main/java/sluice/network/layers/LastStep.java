package sluice.network.layers;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The last step of a series: reads [examples, features, time] and gives [examples, features]. Under
 * a mask it is the last step that is there, and zeros where there is none; behind {@link
 * ColumnTokens} it is the token of the example.
 */
public final class LastStep extends ParametricLayer {
  private static final long serialVersionUID = 1L;

  /** For Jackson. */
  public LastStep() {}

  private LastStep(Builder builder) {
    super(builder);
    setNOut(getNIn());
  }

  @Override
  List<ParameterArray> parameters() {
    return List.of();
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new LastStepLayer(configuration, type);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    setNIn(series(input).getSize());
    setNOut(getNIn());
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.feedForward(series(input).getSize());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LastStep && super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  /** Makes the layer, whose size comes from {@code nIn} or from the type of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    @Override
    public LastStep build() {
      return new LastStep(this);
    }
  }
}
