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
import sluice.data.InvalidInput;

/**
 * The feature tokenizer of FT-Transformer (Gorishniy, Rubachev, Khrulkov and Babenko 2021,
 * "Revisiting Deep Learning Models for Tabular Data", section 3.3): a token for each column, and
 * one that stands for the example. The token of a number is the number times a learnt vector plus a
 * learnt bias; that of a category is a row of a learnt table plus a learnt bias; the example's is a
 * learnt vector, and comes last, where {@link SeriesPooling.Kind#LAST} finds it.
 *
 * <p>Reads [examples, columns], first all numbers and then the indices of all categories, from 0
 * on. Gives [examples, dimension, columns + 1], Deeplearning4j's layout of series. An index outside
 * of its table is an error of the data that names the column; indices get a gradient of zeros.
 *
 * <p>Everything begins uniform within 1/sqrt(dimension) unless told otherwise, and has no
 * penalties, as with the authors.
 */
public final class ColumnTokens extends ParametricLayer implements CategoryTables {
  /** The name of the vectors of numbers among the parameters, [numbers, dimension] by rows. */
  public static final String VECTORS = "W";

  /** The name of the biases among the parameters, [columns, dimension] by rows. */
  public static final String BIASES = "b";

  /** The name of the example's token among the parameters. */
  public static final String EXAMPLE = "c";

  private static final long serialVersionUID = 1L;

  private List<String> numbers = List.of();
  private List<String> categories = List.of();
  private int[] cardinalities = {};

  /** For Jackson. */
  public ColumnTokens() {}

  private ColumnTokens(Builder builder) {
    super(builder);
    numbers = List.copyOf(builder.numbers);
    categories = List.copyOf(builder.categories);
    cardinalities = builder.cardinalities.stream().mapToInt(n -> n).toArray();
    if (columns() == 0) {
      throw invalid("at least one column is needed", "none");
    }
    if (getNOut() < 1) {
      throw invalid("the dimension of tokens must be at least 1", getNOut());
    }
    setNIn(columns());
  }

  /** The name of the table of a category among the parameters, [categories, dimension] by rows. */
  public static String table(int category) {
    return "E" + category;
  }

  int columns() {
    return numbers.size() + categories.size();
  }

  @Override
  List<ParameterArray> parameters() {
    List<ParameterArray> arrays = new ArrayList<>();
    if (!numbers.isEmpty()) {
      arrays.add(array(VECTORS, numbers.size()));
    }
    for (int i = 0; i < cardinalities.length; i++) {
      arrays.add(array(table(i), cardinalities[i]));
    }
    arrays.add(array(BIASES, columns()));
    arrays.add(array(EXAMPLE, 1));
    return arrays;
  }

  private ParameterArray array(String name, long rows) {
    return ParameterArray.embeddings(name, rows, getNOut(), getNOut(), rows);
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    if (getIDropout() != null) {
      throw invalid("must have no dropout, which would change indices", getIDropout());
    }
    return new ColumnTokensLayer(configuration, type);
  }

  @Override
  public String tableName(int category) {
    return table(category);
  }

  @Override
  public int width(int category) {
    return (int) getNOut();
  }

  @Override
  public int row(int category, double index) {
    return row(categories.get(category), cardinalities[category], index);
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    getOutputType(-1, input);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    if (input.getType() != InputType.Type.FF || input.arrayElementsPerExample() != columns()) {
      throw invalid("reads %s columns of each example".formatted(columns()), input);
    }
    return InputType.recurrent(getNOut(), columns() + 1L);
  }

  /** The names of the numbers. */
  public List<String> getNumbers() {
    return numbers;
  }

  /** For Jackson. */
  public void setNumbers(List<String> numbers) {
    this.numbers = List.copyOf(numbers);
  }

  /** The names of the categories. */
  public List<String> getCategories() {
    return categories;
  }

  /** For Jackson. */
  public void setCategories(List<String> categories) {
    this.categories = List.copyOf(categories);
  }

  @Override
  public int[] getCardinalities() {
    return cardinalities.clone();
  }

  @Override
  public void setCardinalities(int[] cardinalities) {
    this.cardinalities = cardinalities.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ColumnTokens layer
        && super.equals(other)
        && numbers.equals(layer.numbers)
        && categories.equals(layer.categories)
        && Arrays.equals(cardinalities, layer.cardinalities);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), numbers, categories, Arrays.hashCode(cardinalities));
  }

  /** Makes the layer. The dimension of the tokens is its {@code nOut}. */
  @SuppressWarnings("unchecked") // Deeplearning4j leaves the type of what is built to the caller.
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private final List<String> numbers = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final List<Integer> cardinalities = new ArrayList<>();

    /** A layer without columns yet, whose tokens have a dimension. */
    public Builder(int dimension) {
      setWeightInitFn(new WeightInitUniform());
      nOut(dimension);
    }

    /** A column of numbers, behind those before. */
    public Builder number(String name) {
      numbers.add(name);
      return this;
    }

    /**
     * A column of categories, behind all numbers and the categories before.
     *
     * @param count how many there are, from 1 to 2^24
     * @throws InvalidInput (configuration) if it is not
     */
    public Builder category(String name, int count) {
      requireCardinality(name, count);
      categories.add(name);
      cardinalities.add(count);
      return this;
    }

    @Override
    public ColumnTokens build() {
      return new ColumnTokens(this);
    }
  }
}
