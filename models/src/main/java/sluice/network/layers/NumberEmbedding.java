package sluice.network.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sluice.data.InvalidInput;
import sluice.network.layers.ParameterArray.Role;

/**
 * A learnt vector for the number of each column (Gorishniy, Rubachev and Babenko 2022, "On
 * Embeddings for Numerical Features in Tabular Deep Learning"): an encoding of the number, and a
 * fully connected layer of each column's own behind it. Reads [examples, columns], gives [examples,
 * columns * dimension], the columns one behind the other.
 *
 * <ul>
 *   <li>{@link Encoding#PERIODIC} is the paper's PLR: cosines and sines of 2 pi f x for learnt
 *       frequencies f of each column, which begin as a normal distribution of deviation sigma; and
 *       a rectifier behind the connected layer.
 *   <li>{@link Encoding#PIECEWISE_LINEAR} is its PLE and a linear layer: of each bin between two
 *       edges how much of it lies below the number, from 0 to 1; the first bin goes on below 0 and
 *       the last one above 1, so that numbers beyond the edges differ.
 * </ul>
 */
public final class NumberEmbedding extends ParametricLayer {
  /** What is made of a number. */
  public enum Encoding {
    PERIODIC,
    PIECEWISE_LINEAR
  }

  /** The name of the frequencies among the layer's parameters, [columns, frequencies] by rows. */
  public static final String FREQUENCIES = "f";

  /** The name of the biases among the layer's parameters, [columns, dimension] by rows. */
  public static final String BIASES = "b";

  private static final long serialVersionUID = 1L;

  private Encoding encoding = Encoding.PERIODIC;
  private List<String> columns = List.of();
  private int dimension;
  private int frequencies;
  private double sigma;
  private double[][] edges = {};

  /** For Jackson. */
  public NumberEmbedding() {}

  private NumberEmbedding(Builder builder) {
    super(builder);
    encoding = builder.encoding;
    columns = List.copyOf(builder.columns);
    dimension = builder.dimension;
    frequencies = builder.frequencies;
    sigma = builder.sigma;
    edges = builder.edges.toArray(new double[0][]);
    if (columns.isEmpty()) {
      throw invalid("at least one column is needed", "none");
    }
    if (dimension < 1) {
      throw invalid("the dimension must be at least 1", dimension);
    }
    if (encoding == Encoding.PERIODIC && frequencies < 1) {
      throw invalid("the number of frequencies must be at least 1", frequencies);
    }
    if (encoding == Encoding.PERIODIC && !(sigma > 0)) {
      throw invalid("sigma must be above 0", sigma);
    }
    setNIn(columns.size());
    setNOut((long) columns.size() * dimension);
  }

  /** The name of a column's weights among the layer's parameters, [encoding, dimension] by rows. */
  public static String weights(int column) {
    return "W" + column;
  }

  /** How many numbers the encoding of a column has. */
  public int width(int column) {
    return encoding == Encoding.PERIODIC ? 2 * frequencies : edges[column].length - 1;
  }

  @Override
  List<ParameterArray> parameters() {
    List<ParameterArray> arrays = new ArrayList<>();
    if (encoding == Encoding.PERIODIC) {
      arrays.add(
          new ParameterArray(
              FREQUENCIES,
              new long[] {columns.size(), frequencies},
              'c',
              Role.FREE,
              (view, layer) -> view.assign(Nd4j.randn(view.dataType(), view.shape()).muli(sigma))));
    }
    for (int i = 0; i < columns.size(); i++) {
      int width = width(i);
      arrays.add(
          ParameterArray.weights(weights(i), new long[] {width, dimension}, 'c', width, dimension));
    }
    arrays.add(
        new ParameterArray(
            BIASES,
            new long[] {columns.size(), dimension},
            'c',
            Role.BIAS,
            (view, layer) -> fillBiases(view)));
    return arrays;
  }

  /** As the weights of each column begin unless told otherwise: within 1/sqrt(width). */
  private void fillBiases(INDArray view) {
    view.assign(Nd4j.rand(view.dataType(), view.shape()).muli(2).subi(1));
    for (int i = 0; i < columns.size(); i++) {
      long at = (long) i * dimension;
      view.get(NDArrayIndex.interval(at, at + dimension)).divi(Math.sqrt(width(i)));
    }
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new NumberEmbeddingLayer(configuration, type);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    getOutputType(-1, input);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    if (input.getType() != InputType.Type.FF || input.arrayElementsPerExample() != columns.size()) {
      throw invalid("reads %s numbers of each example".formatted(columns.size()), input);
    }
    return InputType.feedForward(getNOut());
  }

  /** What is made of the numbers. */
  public Encoding getEncoding() {
    return encoding;
  }

  /** For Jackson. */
  public void setEncoding(Encoding encoding) {
    this.encoding = encoding;
  }

  /** The names of the columns, for messages. */
  public List<String> getColumns() {
    return columns;
  }

  /** For Jackson. */
  public void setColumns(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /** The length of each column's vector. */
  public int getDimension() {
    return dimension;
  }

  /** For Jackson. */
  public void setDimension(int dimension) {
    this.dimension = dimension;
  }

  /** The frequencies of each column; 0 if it is not periodic. */
  public int getFrequencies() {
    return frequencies;
  }

  /** For Jackson. */
  public void setFrequencies(int frequencies) {
    this.frequencies = frequencies;
  }

  /** The deviation of the frequencies at the beginning. */
  public double getSigma() {
    return sigma;
  }

  /** For Jackson. */
  public void setSigma(double sigma) {
    this.sigma = sigma;
  }

  /** The edges of each column's bins, ascending; none if it is periodic. */
  public double[][] getEdges() {
    return copy(edges);
  }

  /** For Jackson. */
  public void setEdges(double[][] edges) {
    this.edges = copy(edges);
  }

  private static double[][] copy(double[][] edges) {
    return Arrays.stream(edges).map(double[]::clone).toArray(double[][]::new);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NumberEmbedding layer
        && super.equals(other)
        && encoding == layer.encoding
        && columns.equals(layer.columns)
        && dimension == layer.dimension
        && frequencies == layer.frequencies
        && sigma == layer.sigma
        && Arrays.deepEquals(edges, layer.edges);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(),
        encoding,
        columns,
        dimension,
        frequencies,
        sigma,
        Arrays.deepHashCode(edges));
  }

  /** Makes the layer, column by column in the order of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final Encoding encoding;
    private final int dimension;
    private final int frequencies;
    private final double sigma;
    private final List<String> columns = new ArrayList<>();
    private final List<double[]> edges = new ArrayList<>();

    private Builder(Encoding encoding, int dimension, int frequencies, double sigma) {
      this.encoding = encoding;
      this.dimension = dimension;
      this.frequencies = frequencies;
      this.sigma = sigma;
      setWeightInitFn(new WeightInitUniform());
    }

    /**
     * Of the periodic encoding. The authors' package has 48 frequencies, a sigma of 0.01 and a
     * dimension of 24 by default; sigma is what is worth tuning.
     *
     * @param dimension the length of each column's vector
     * @param frequencies of each column
     * @param sigma the deviation that the frequencies begin with
     */
    public static Builder periodic(int dimension, int frequencies, double sigma) {
      return new Builder(Encoding.PERIODIC, dimension, frequencies, sigma);
    }

    /**
     * Of the piecewise linear encoding.
     *
     * @param dimension the length of each column's vector
     */
    public static Builder piecewiseLinear(int dimension) {
      return new Builder(Encoding.PIECEWISE_LINEAR, dimension, 0, 0);
    }

    /** A column of the periodic encoding. */
    public Builder column(String name) {
      if (encoding != Encoding.PERIODIC) {
        throw InvalidInput.configuration(
            "column %s: the piecewise linear encoding needs the edges of its bins, got none"
                .formatted(name));
      }
      columns.add(name);
      return this;
    }

    /**
     * A column of the piecewise linear encoding.
     *
     * @param ascending the edges of its bins, at least two
     * @throws InvalidInput (configuration) if they are not finite or do not ascend
     */
    public Builder column(String name, double... ascending) {
      boolean ascends = ascending.length > 1 && Double.isFinite(ascending[0]);
      for (int i = 1; i < ascending.length; i++) {
        ascends &= ascending[i] > ascending[i - 1] && Double.isFinite(ascending[i]);
      }
      if (encoding == Encoding.PERIODIC || !ascends) {
        throw InvalidInput.configuration(
            "column %s: %s, got %s"
                .formatted(
                    name,
                    encoding == Encoding.PERIODIC
                        ? "the periodic encoding has no bins"
                        : "the edges of bins must be at least two finite numbers that ascend",
                    Arrays.toString(ascending)));
      }
      columns.add(name);
      edges.add(ascending.clone());
      return this;
    }

    @Override
    public NumberEmbedding build() {
      return new NumberEmbedding(this);
    }
  }
}
