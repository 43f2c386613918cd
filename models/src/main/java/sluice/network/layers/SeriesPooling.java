package sluice.network.layers;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One vector of all steps of a series: reads [examples, features, time] and gives [examples,
 * features]. Steps that a mask leaves out count for nothing; a series that has none gives zeros.
 * Behind {@link ColumnTokens}, the last step is the token of the example.
 */
public final class SeriesPooling extends ParametricLayer {
  /** What becomes of the steps. */
  public enum Kind {
    /** The mean of the steps. */
    MEAN,
    /** The greatest number of each feature; of equal ones the first. */
    MAX,
    /** The first step. */
    FIRST,
    /** The last step. */
    LAST,
    /**
     * A mean in which steps count by how well they fit a learnt query, as in scaled dot-product
     * attention of one head (Vaswani et al. 2017, section 3.2.1) without projections.
     */
    ATTENTION
  }

  /** The name of the query among the layer's parameters. */
  public static final String QUERY = "q";

  private static final long serialVersionUID = 1L;

  private Kind kind = Kind.MEAN;

  /** For Jackson. */
  public SeriesPooling() {}

  private SeriesPooling(Builder builder) {
    super(builder);
    kind = builder.kind;
    setNOut(getNIn());
  }

  @Override
  List<ParameterArray> parameters() {
    long size = getNIn();
    return kind == Kind.ATTENTION
        ? List.of(ParameterArray.weights(QUERY, new long[] {size}, 'c', size, 1))
        : List.of();
  }

  @Override
  public String form() {
    return " " + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new SeriesPoolingLayer(configuration, type);
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

  /** What becomes of the steps. */
  public Kind getKind() {
    return kind;
  }

  /** For Jackson. */
  public void setKind(Kind kind) {
    this.kind = kind;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SeriesPooling layer && super.equals(other) && kind == layer.kind;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), kind);
  }

  /** Makes the layer, whose size comes from {@code nIn} or from the type of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final Kind kind;

    /** A layer of a kind. */
    public Builder(Kind kind) {
      this.kind = kind;
    }

    @Override
    public SeriesPooling build() {
      return new SeriesPooling(this);
    }
  }
}
