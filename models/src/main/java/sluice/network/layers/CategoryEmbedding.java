package sluice.network.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import sluice.data.InvalidInput;

/**
 * Learnt vectors for the categories of columns (Guo and Berkhahn 2016, "Entity Embeddings of
 * Categorical Variables"): one table of [categories, dimension] for each column, lying by rows.
 *
 * <p>Reads [examples, columns]: the index of each category as a number, from 0 on. Gives [examples,
 * sum of the dimensions], the columns one behind the other. An index outside of its table is an
 * error of the data that names the column. The indices get a gradient of zeros.
 *
 * <p>Unless told otherwise a table begins as a truncated normal distribution of deviation
 * 1/sqrt(dimension), so that vectors have about the same length whatever the dimension; it is what
 * the code of Vaswani et al. 2017 (tensor2tensor) starts embeddings from. Tables have no penalties.
 *
 * <p>Dropout of a layer works on what the layer reads, which indices cannot stand: it is refused,
 * and belongs to the layer behind.
 */
public final class CategoryEmbedding extends ParametricLayer implements CategoryTables {
  private static final long serialVersionUID = 1L;
  private static final int MOST_BY_RULE = 32;

  private List<String> columns = List.of();
  private int[] cardinalities = {};
  private int[] dimensions = {};

  /** For Jackson. */
  public CategoryEmbedding() {}

  private CategoryEmbedding(Builder builder) {
    super(builder);
    columns = List.copyOf(builder.columns);
    cardinalities = builder.cardinalities.stream().mapToInt(n -> n).toArray();
    dimensions = builder.dimensions.stream().mapToInt(n -> n).toArray();
    if (columns.isEmpty()) {
      throw invalid("at least one column is needed", "none");
    }
    setNIn(columns.size());
    setNOut(IntStream.of(dimensions).sum());
  }

  /**
   * The dimension for a column of so many categories unless told otherwise: min(32, ceil(2
   * n^(1/4))).
   */
  public static int dimension(int categories) {
    return (int) Math.min(MOST_BY_RULE, Math.ceil(2 * Math.sqrt(Math.sqrt(categories))));
  }

  /** The name of the table of a column among the layer's parameters. */
  public static String table(int column) {
    return "W" + column;
  }

  @Override
  List<ParameterArray> parameters() {
    return IntStream.range(0, columns.size())
        .mapToObj(
            column ->
                ParameterArray.embeddings(
                    table(column),
                    cardinalities[column],
                    dimensions[column],
                    cardinalities[column],
                    dimensions[column]))
        .toList();
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    if (getIDropout() != null) {
      throw invalid("must have no dropout, which would change indices", getIDropout());
    }
    return new CategoryEmbeddingLayer(configuration, type);
  }

  @Override
  public String tableName(int column) {
    return table(column);
  }

  @Override
  public int width(int column) {
    return dimensions[column];
  }

  @Override
  public int row(int column, double index) {
    return row(columns.get(column), cardinalities[column], index);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    getOutputType(-1, input);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    if (input.getType() != InputType.Type.FF || input.arrayElementsPerExample() != columns.size()) {
      throw invalid(
          "reads the indices of %s columns of each example".formatted(columns.size()), input);
    }
    return InputType.feedForward(getNOut());
  }

  /** The names of the columns, for messages. */
  public List<String> getColumns() {
    return columns;
  }

  /** For Jackson. */
  public void setColumns(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  @Override
  public int[] getCardinalities() {
    return cardinalities.clone();
  }

  @Override
  public void setCardinalities(int[] cardinalities) {
    this.cardinalities = cardinalities.clone();
  }

  /** The length of the vectors of each column. */
  public int[] getDimensions() {
    return dimensions.clone();
  }

  /** For Jackson. */
  public void setDimensions(int[] dimensions) {
    this.dimensions = dimensions.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CategoryEmbedding layer
        && super.equals(other)
        && columns.equals(layer.columns)
        && Arrays.equals(cardinalities, layer.cardinalities)
        && Arrays.equals(dimensions, layer.dimensions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        super.hashCode(), columns, Arrays.hashCode(cardinalities), Arrays.hashCode(dimensions));
  }

  /** Makes the layer, column by column in the order of the input. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final List<String> columns = new ArrayList<>();
    private final List<Integer> cardinalities = new ArrayList<>();
    private final List<Integer> dimensions = new ArrayList<>();

    /** A layer without columns yet. */
    public Builder() {
      setWeightInitFn(new WeightInitVarScalingNormalFanOut());
    }

    /** A column whose dimension {@link CategoryEmbedding#dimension} gives. */
    public Builder column(String name, int categories) {
      return column(name, categories, CategoryEmbedding.dimension(categories));
    }

    /**
     * A column.
     *
     * @param categories how many there are, from 1 to 2^24
     * @param dimension the length of their vectors, at least 1
     * @throws InvalidInput (configuration) if they are not
     */
    public Builder column(String name, int categories, int dimension) {
      requireCardinality(name, categories);
      if (dimension < 1) {
        throw InvalidInput.configuration(
            "column %s: the dimension of an embedding must be at least 1, got %s"
                .formatted(name, dimension));
      }
      columns.add(name);
      cardinalities.add(categories);
      dimensions.add(dimension);
      return this;
    }

    @Override
    public CategoryEmbedding build() {
      return new CategoryEmbedding(this);
    }
  }
}
