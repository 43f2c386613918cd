package sluice.network.layers;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import sluice.network.layers.ParameterArray.Role;

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016): features of each example, or of each step of a
 * series, less their mean and over their deviation, times a learnt gain and plus a learnt bias. The
 * variance is that of the features themselves, divided by their number.
 *
 * <p>Reads and gives [examples, features], or [examples, features, time]. The gain has no
 * penalties.
 */
public final class LayerNorm extends ParametricLayer {
  /** The name of the gain among the layer's parameters. */
  public static final String GAIN = "g";

  /** The name of the bias among the layer's parameters. */
  public static final String BIAS = "b";

  /** What is added to the variance unless told otherwise. */
  public static final double EPSILON = 1e-5;

  private static final long serialVersionUID = 1L;

  private double epsilon = EPSILON;

  /** For Jackson. */
  public LayerNorm() {}

  private LayerNorm(Builder builder) {
    super(builder);
    epsilon = builder.epsilon;
    setNOut(getNIn());
  }

  @Override
  List<ParameterArray> parameters() {
    return List.of(gain(GAIN, getNIn()), ParameterArray.bias(BIAS, getNIn()));
  }

  @Override
  public String form() {
    return form(epsilon);
  }

  /** What an epsilon says in a form; nothing where it is the default, as in older bundles. */
  static String form(double epsilon) {
    return epsilon == EPSILON ? "" : " epsilon " + epsilon;
  }

  static ParameterArray gain(String name, long size) {
    return new ParameterArray(
        name, new long[] {size}, 'c', Role.FREE, (view, layer) -> view.assign(1));
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new LayerNormLayer(configuration, type);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    long size = features(input);
    if (getNIn() <= 0 || override) {
      setNIn(size);
      setNOut(size);
    }
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    features(input);
    return input;
  }

  /** What is added to the variance. */
  public double getEpsilon() {
    return epsilon;
  }

  /** For Jackson. */
  public void setEpsilon(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LayerNorm layer && super.equals(other) && epsilon == layer.epsilon;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), epsilon);
  }

  /** Makes the layer, whose size comes from {@code nIn} or from the type of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private double epsilon = EPSILON;

    /** What is added to the variance; {@value LayerNorm#EPSILON} unless told otherwise. */
    public Builder epsilon(double number) {
      epsilon = number;
      return this;
    }

    @Override
    public LayerNorm build() {
      return new LayerNorm(this);
    }
  }
}
