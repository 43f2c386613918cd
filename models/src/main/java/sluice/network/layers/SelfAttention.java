package sluice.network.layers;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Multi-head self-attention (Vaswani et al. 2017, section 3.2): each step of a series gathers
 * values of all steps, or of those up to itself, by how well their keys fit its query. Queries,
 * keys and values are one product of matrices; another one stands behind the heads.
 *
 * <p>Reads [examples, features, time] and gives [examples, nOut, time]; the heads together are nOut
 * wide. To steps that a mask leaves out nobody attends, and they come out as zeros.
 */
public final class SelfAttention extends ParametricLayer {
  private static final long serialVersionUID = 1L;

  private int heads = 1;
  private boolean causal;
  private boolean rotary;
  private double attentionDropRate;

  /** For Jackson. */
  public SelfAttention() {}

  private SelfAttention(Builder builder) {
    super(builder);
    heads = builder.heads;
    causal = builder.causal;
    rotary = builder.rotary;
    attentionDropRate = builder.attentionDropRate;
    if (heads < 1 || getNOut() < 1 || getNOut() % heads != 0) {
      throw invalid(
          "nOut must be a multiple of the number of heads",
          "nOut %s and %s heads".formatted(getNOut(), heads));
    }
    if (rotary && getNOut() / heads % 2 != 0) {
      throw invalid("the width of a rotary head must be even", getNOut() / heads);
    }
    requireRate("the rate of attention's dropout", attentionDropRate);
  }

  /** The names of the parameters: queries, keys and values, and what stands behind the heads. */
  public static List<String> parameterNames() {
    return List.of(
        Attention.PROJECTIONS,
        Attention.PROJECTION_BIASES,
        Attention.OUTPUT,
        Attention.OUTPUT_BIASES);
  }

  @Override
  List<ParameterArray> parameters() {
    return Attention.parameters(getNIn(), getNOut(), getNOut());
  }

  @Override
  public String form() {
    return " %s heads%s%s".formatted(heads, causal ? " causal" : "", rotary ? " rotary" : "");
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new SelfAttentionLayer(configuration, type);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    if (getNIn() <= 0 || override) {
      setNIn(series(input).getSize());
    }
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.recurrent(getNOut(), series(input).getTimeSeriesLength());
  }

  /** The number of heads. */
  public int getHeads() {
    return heads;
  }

  /** For Jackson. */
  public void setHeads(int heads) {
    this.heads = heads;
  }

  /** Whether a step attends to itself and what came before alone. */
  public boolean isCausal() {
    return causal;
  }

  /** For Jackson. */
  public void setCausal(boolean causal) {
    this.causal = causal;
  }

  /** Whether queries and keys are turned by the position of their step, see {@link Rotation}. */
  public boolean isRotary() {
    return rotary;
  }

  /** For Jackson. */
  public void setRotary(boolean rotary) {
    this.rotary = rotary;
  }

  /** The share of the weights that training drops. */
  public double getAttentionDropRate() {
    return attentionDropRate;
  }

  /** For Jackson. */
  public void setAttentionDropRate(double attentionDropRate) {
    this.attentionDropRate = attentionDropRate;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SelfAttention layer
        && super.equals(other)
        && heads == layer.heads
        && causal == layer.causal
        && rotary == layer.rotary
        && attentionDropRate == layer.attentionDropRate;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), heads, causal, rotary, attentionDropRate);
  }

  /** Makes the layer, which needs {@code nOut} and the number of heads. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final int heads;
    private boolean causal;
    private boolean rotary;
    private double attentionDropRate;

    /** A layer that attends to all steps. */
    public Builder(int heads) {
      this.heads = heads;
    }

    /** A step attends to itself and what came before alone. */
    public Builder causal() {
      causal = true;
      return this;
    }

    /** Queries and keys are turned by the position of their step, see {@link Rotation}. */
    public Builder rotary() {
      rotary = true;
      return this;
    }

    /** The share of the weights that training drops; none unless told otherwise. */
    public Builder attentionDropRate(double rate) {
      attentionDropRate = rate;
      return this;
    }

    @Override
    public SelfAttention build() {
      return new SelfAttention(this);
    }
  }
}
