package sluice.network.layers;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import sluice.data.InvalidInput;

/**
 * The product of a sparse vector and a matrix, as of n-grams with their TF-IDF: each step's index
 * looks up a learnt vector, and what comes out is their sum, in which each counts for the step's
 * weight. PyTorch calls it {@code EmbeddingBag(mode="sum")} with {@code per_sample_weights}.
 *
 * <p>Reads [examples, 2, time]: an index, and behind it a weight. Gives [examples, nOut]. Steps
 * that a mask leaves out count for nothing; a series that has none gives zeros. An index outside of
 * the table is an error of the data. Indices get a gradient of zeros.
 *
 * <p>The table begins as a truncated normal distribution of deviation 1/sqrt(nOut) unless told
 * otherwise, and has no penalties.
 */
public final class WeightedBag extends ParametricLayer {
  /** The name of the table of vectors. */
  public static final String VECTORS = "W";

  private static final long serialVersionUID = 1L;

  private int vocabulary;

  /** For Jackson. */
  public WeightedBag() {}

  private WeightedBag(Builder builder) {
    super(builder);
    vocabulary = builder.vocabulary;
    requireCardinality("index", vocabulary);
    if (getNOut() < 1) {
      throw invalid("nOut must be at least 1", getNOut());
    }
    setNIn(2);
  }

  @Override
  List<ParameterArray> parameters() {
    return List.of(
        ParameterArray.embeddings(VECTORS, vocabulary, getNOut(), vocabulary, getNOut()));
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    if (getIDropout() != null) {
      throw invalid("must have no dropout, which would change indices", getIDropout());
    }
    return new WeightedBagLayer(configuration, type);
  }

  /**
   * The row of the table that an index means.
   *
   * @throws InvalidInput (data) if it means none
   */
  public int row(double index) {
    return row("index", vocabulary, index);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    getOutputType(-1, input);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    if (series(input).getSize() != 2) {
      throw invalid("reads series of 2 features, an index and a weight", input);
    }
    return InputType.feedForward(getNOut());
  }

  /** How many indices there are. */
  public int getVocabulary() {
    return vocabulary;
  }

  /** For Jackson. */
  public void setVocabulary(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WeightedBag layer
        && super.equals(other)
        && vocabulary == layer.vocabulary;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), vocabulary);
  }

  /** Makes the layer. The length of the vectors is its {@code nOut}. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final int vocabulary;

    /**
     * A layer over a number of indices.
     *
     * @param vocabulary how many there are, from 1 to 2^24
     */
    public Builder(int vocabulary) {
      this.vocabulary = vocabulary;
      setWeightInitFn(new WeightInitVarScalingNormalFanOut());
    }

    @Override
    public WeightedBag build() {
      return new WeightedBag(this);
    }
  }
}
