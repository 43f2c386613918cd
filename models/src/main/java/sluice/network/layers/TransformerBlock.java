package sluice.network.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A block of a transformer's encoder, or with causal attention of its decoder (Vaswani et al.
 * 2017): self-attention as in {@link SelfAttention} and two connected layers with GELU between them
 * (Hendrycks and Gimpel 2016), each with a residual connection around it and a {@link LayerNorm}.
 *
 * <ul>
 *   <li>{@link Norm#PRE} normalises what attention and connected layers read (Xiong et al. 2020);
 *       behind the last block stands a {@link LayerNorm} of the network's own;
 *   <li>{@link Norm#POST} normalises the sums, as Vaswani et al. do.
 * </ul>
 *
 * <p>Reads and gives [examples, features, time]. To steps that a mask leaves out nobody attends,
 * and they come out as zeros.
 */
public final class TransformerBlock extends ParametricLayer {
  /** Where the block normalises. */
  public enum Norm {
    PRE,
    POST
  }

  /** How GELU is computed. */
  public enum Gelu {
    /** By a hyperbolic tangent: {@link TanhGelu}. */
    TANH(new TanhGelu()),
    /** As it is defined, by the error function: {@link ErfGelu}. */
    ERF(new ErfGelu());

    @SuppressWarnings("ImmutableEnumChecker") // it has no state
    private final IActivation function;

    Gelu(IActivation function) {
      this.function = function;
    }

    IActivation function() {
      return function;
    }
  }

  /** The names of the parameters besides attention's. */
  public static final String ATTENTION_GAIN = "g1";

  public static final String ATTENTION_BIAS = "n1";
  public static final String HIDDEN_GAIN = "g2";
  public static final String HIDDEN_BIAS = "n2";
  public static final String HIDDEN = "W1";
  public static final String HIDDEN_BIASES = "b1";
  public static final String BACK = "W2";
  public static final String BACK_BIASES = "b2";

  private static final long serialVersionUID = 1L;

  private int heads = 1;
  private Norm norm = Norm.PRE;
  private boolean causal;
  private boolean rotary;
  private int hidden;
  private double attentionDropRate;
  private double dropRate;
  private Gelu gelu = Gelu.TANH;
  private double epsilon = LayerNorm.EPSILON;

  /** For Jackson. */
  public TransformerBlock() {}

  private TransformerBlock(Builder builder) {
    super(builder);
    heads = builder.heads;
    norm = builder.norm;
    causal = builder.causal;
    rotary = builder.rotary;
    hidden = builder.hidden;
    attentionDropRate = builder.attentionDropRate;
    dropRate = builder.dropRate;
    gelu = builder.gelu;
    epsilon = builder.epsilon;
    if (heads < 1) {
      throw invalid("the number of heads must be at least 1", heads);
    }
    if (hidden < 1) {
      throw invalid("the width between the connected layers must be at least 1", hidden);
    }
    requireRate("the rate of attention's dropout", attentionDropRate);
    requireRate("the rate of dropout", dropRate);
    if (getNIn() > 0) {
      resize(getNIn());
    }
  }

  private void resize(long size) {
    if (size % heads != 0) {
      throw invalid("the number of features must be a multiple of %s heads".formatted(heads), size);
    }
    if (rotary && size / heads % 2 != 0) {
      throw invalid("the width of a rotary head must be even", size / heads);
    }
    setNIn(size);
    setNOut(size);
  }

  @Override
  List<ParameterArray> parameters() {
    long size = getNIn();
    List<ParameterArray> arrays = new ArrayList<>();
    arrays.add(LayerNorm.gain(ATTENTION_GAIN, size));
    arrays.add(ParameterArray.bias(ATTENTION_BIAS, size));
    arrays.addAll(Attention.parameters(size, size, size));
    arrays.add(LayerNorm.gain(HIDDEN_GAIN, size));
    arrays.add(ParameterArray.bias(HIDDEN_BIAS, size));
    arrays.add(ParameterArray.matrix(HIDDEN, size, hidden));
    arrays.add(ParameterArray.bias(HIDDEN_BIASES, hidden));
    arrays.add(ParameterArray.matrix(BACK, hidden, size));
    arrays.add(ParameterArray.bias(BACK_BIASES, size));
    return arrays;
  }

  @Override
  public String form() {
    return " %s heads %s%s%s%s%s"
        .formatted(
            heads,
            norm == Norm.PRE ? "pre" : "post",
            causal ? " causal" : "",
            rotary ? " rotary" : "",
            gelu == Gelu.TANH ? "" : " gelu " + gelu.name().toLowerCase(Locale.ROOT),
            LayerNorm.form(epsilon));
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new TransformerBlockLayer(configuration, type);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    if (getNIn() <= 0 || override) {
      resize(series(input).getSize());
    }
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return series(input);
  }

  /** The number of heads. */
  public int getHeads() {
    return heads;
  }

  /** For Jackson. */
  public void setHeads(int heads) {
    this.heads = heads;
  }

  /** Where it normalises. */
  public Norm getNorm() {
    return norm;
  }

  /** For Jackson. */
  public void setNorm(Norm norm) {
    this.norm = norm;
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

  /** The width between the connected layers. */
  public int getHidden() {
    return hidden;
  }

  /** For Jackson. */
  public void setHidden(int hidden) {
    this.hidden = hidden;
  }

  /** The share of attention's weights that training drops. */
  public double getAttentionDropRate() {
    return attentionDropRate;
  }

  /** For Jackson. */
  public void setAttentionDropRate(double attentionDropRate) {
    this.attentionDropRate = attentionDropRate;
  }

  /** The share that training drops between the connected layers and before each sum. */
  public double getDropRate() {
    return dropRate;
  }

  /** For Jackson. */
  public void setDropRate(double dropRate) {
    this.dropRate = dropRate;
  }

  /** How it computes GELU. */
  public Gelu getGelu() {
    return gelu;
  }

  /** For Jackson. */
  public void setGelu(Gelu gelu) {
    this.gelu = gelu;
  }

  /** What is added to variances where it normalises. */
  public double getEpsilon() {
    return epsilon;
  }

  /** For Jackson. */
  public void setEpsilon(double epsilon) {
    this.epsilon = epsilon;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TransformerBlock layer
        && super.equals(other)
        && heads == layer.heads
        && norm == layer.norm
        && causal == layer.causal
        && rotary == layer.rotary
        && hidden == layer.hidden
        && attentionDropRate == layer.attentionDropRate
        && dropRate == layer.dropRate
        && gelu == layer.gelu
        && epsilon == layer.epsilon;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(),
        heads,
        norm,
        causal,
        rotary,
        hidden,
        attentionDropRate,
        dropRate,
        gelu,
        epsilon);
  }

  /** Makes the layer, whose size comes from {@code nIn} or from the type of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final int heads;
    private final int hidden;
    private Norm norm = Norm.PRE;
    private boolean causal;
    private boolean rotary;
    private double attentionDropRate;
    private double dropRate;
    private Gelu gelu = Gelu.TANH;
    private double epsilon = LayerNorm.EPSILON;

    /**
     * A block that normalises first, attends to all steps and drops nothing.
     *
     * @param heads of which the number of features is a multiple
     * @param hidden the width between the connected layers, often four times the features
     */
    public Builder(int heads, int hidden) {
      this.heads = heads;
      this.hidden = hidden;
    }

    /** Where the block normalises. */
    public Builder norm(Norm place) {
      norm = place;
      return this;
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

    /** The share of attention's weights that training drops. */
    public Builder attentionDropRate(double rate) {
      attentionDropRate = rate;
      return this;
    }

    /** The share that training drops between the connected layers and before each sum. */
    public Builder dropRate(double rate) {
      dropRate = rate;
      return this;
    }

    /** How GELU is computed; by a hyperbolic tangent unless told otherwise. */
    public Builder gelu(Gelu way) {
      gelu = way;
      return this;
    }

    /** What is added to variances; {@value LayerNorm#EPSILON} unless told otherwise. */
    public Builder epsilon(double number) {
      epsilon = number;
      return this;
    }

    @Override
    public TransformerBlock build() {
      return new TransformerBlock(this);
    }
  }
}
