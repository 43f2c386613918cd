package sluice.network.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import sluice.data.InvalidInput;

/**
 * The tokens of a transformer over a series (Vaswani et al. 2017, section 3.4): each step's index
 * looks up a learnt vector, or each step's numbers are multiplied by a matrix and get a bias. To it
 * come, where they are asked for, the learnt vector of the step's position and that of the step's
 * segment (Devlin et al. 2018).
 *
 * <p>Reads [examples, features, time], where an index is one feature and that of a segment another
 * behind it; in a series of indices alone all steps are in the first segment. Gives [examples,
 * nOut, time]. An index outside of its table is an error of the data, but in steps that a mask
 * leaves out, which come out as zeros. Indices get a gradient of zeros.
 *
 * <p>All tables begin as a truncated normal distribution of deviation 1/sqrt(nOut) unless told
 * otherwise, and have no penalties; the matrix of numbers has the layer's.
 */
public final class SeriesTokens extends ParametricLayer {
  /** The name of the table of vectors, or of the matrix, [features, nOut] by columns. */
  public static final String VECTORS = "W";

  /** The name of the bias behind the matrix. */
  public static final String BIAS = "b";

  /** The name of the table of positions. */
  public static final String POSITIONS = "P";

  /** The name of the table of segments. */
  public static final String SEGMENTS = "S";

  private static final long serialVersionUID = 1L;

  private int vocabulary;
  private int positions;
  private int segments;

  /** For Jackson. */
  public SeriesTokens() {}

  private SeriesTokens(Builder builder) {
    super(builder);
    vocabulary = builder.vocabulary;
    positions = builder.positions;
    segments = builder.segments;
    if (getNOut() < 1) {
      throw invalid("nOut must be at least 1", getNOut());
    }
    if (positions < 0) {
      throw invalid("the number of positions must be at least 0", positions);
    }
    if (vocabulary > 0) {
      requireCardinality("index", vocabulary);
      setNIn(segments > 0 && getNIn() != 1 ? 2 : 1);
    }
    if (segments < 0 || (segments > 0 && vocabulary == 0)) {
      throw invalid("segments must be of indices, and at least 0", segments);
    }
  }

  @Override
  List<ParameterArray> parameters() {
    long size = getNOut();
    List<ParameterArray> arrays = new ArrayList<>();
    if (vocabulary > 0) {
      arrays.add(table(VECTORS, vocabulary));
    } else {
      arrays.add(ParameterArray.matrix(VECTORS, getNIn(), size));
      arrays.add(ParameterArray.bias(BIAS, size));
    }
    if (positions > 0) {
      arrays.add(table(POSITIONS, positions));
    }
    if (segments > 0) {
      arrays.add(table(SEGMENTS, segments));
    }
    return arrays;
  }

  private ParameterArray table(String name, long rows) {
    return ParameterArray.embeddings(name, rows, getNOut(), rows, getNOut());
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    if (getIDropout() != null) {
      throw invalid("must have no dropout, which would change indices", getIDropout());
    }
    return new SeriesTokensLayer(configuration, type);
  }

  /**
   * The row of the table of vectors that an index means.
   *
   * @throws InvalidInput (data) if it means none
   */
  public int row(double index) {
    return row("index", vocabulary, index);
  }

  /** {@link #row} of the segments' table. */
  public int segment(double index) {
    return row("segment", segments, index);
  }

  /**
   * Fails if there are more steps than positions.
   *
   * @throws InvalidInput (data) if there are
   */
  public void requirePositions(int steps) {
    if (positions > 0 && steps > positions) {
      throw InvalidInput.data(
          "%s: a series must have at most %s steps, which have positions, got %s"
              .formatted(named(), positions, steps));
    }
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    long features = series(input).getSize();
    if (vocabulary > 0 && features != 1 && (segments == 0 || features != 2)) {
      throw invalid(
          "reads series of %s".formatted(segments == 0 ? "1 feature" : "1 or 2 features"), input);
    }
    if (vocabulary > 0 || getNIn() <= 0 || override) {
      setNIn(features);
    }
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    InputTypeRecurrent series = series(input);
    return InputType.recurrent(getNOut(), series.getTimeSeriesLength());
  }

  /** How many indices there are; 0 if steps are numbers. */
  public int getVocabulary() {
    return vocabulary;
  }

  /** For Jackson. */
  public void setVocabulary(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** How many steps have learnt positions; 0 for no positions. */
  public int getPositions() {
    return positions;
  }

  /** For Jackson. */
  public void setPositions(int positions) {
    this.positions = positions;
  }

  /** How many segments there are; 0 for none. */
  public int getSegments() {
    return segments;
  }

  /** For Jackson. */
  public void setSegments(int segments) {
    this.segments = segments;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SeriesTokens layer
        && super.equals(other)
        && vocabulary == layer.vocabulary
        && positions == layer.positions
        && segments == layer.segments;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), vocabulary, positions, segments);
  }

  /** Makes the layer. The dimension of the tokens is its {@code nOut}. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private int vocabulary;
    private int positions;
    private int segments;

    /** A layer over numbers without positions, whose tokens have a dimension. */
    public Builder(int dimension) {
      setWeightInitFn(new WeightInitVarScalingNormalFanOut());
      nOut(dimension);
    }

    /**
     * Steps are indices.
     *
     * @param count how many there are, from 1 to 2^24
     */
    public Builder vocabulary(int count) {
      vocabulary = count;
      return this;
    }

    /**
     * Positions are learnt.
     *
     * @param most steps of a series
     */
    public Builder positions(int most) {
      positions = most;
      return this;
    }

    /**
     * The index of a segment stands behind that of each step, or the series has indices alone and
     * all of its steps are in the first segment.
     */
    public Builder segments(int count) {
      segments = count;
      return this;
    }

    @Override
    public SeriesTokens build() {
      return new SeriesTokens(this);
    }
  }
}
