package sluice.network.layers;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import sluice.network.layers.ParameterArray.Role;

/**
 * A layer whose own parameters stay as they are, while gradients pass through it, and whose
 * matrices have low-rank adapters that learn: LoRA (Hu et al. 2022, section 4.1). In the place of
 * columns of a matrix W stands W + scale A B, with A of [in, rank] from a normal distribution and B
 * of [rank, columns] from zeros, so that the layer begins as what it was.
 *
 * <p>Its parameters are first those of the layer, as they lie there, then each A and B. Without
 * adapters it is a frozen layer above others that learn.
 */
public final class LowRank extends ParametricLayer {
  /** The name of the layer's own parameters, all of them in one array. */
  public static final String BASE = "base";

  private static final long serialVersionUID = 1L;

  private @Nullable Layer layer;
  private int rank = 1;
  private double scale = 1;

  /** Of each adapter the name of the matrix, and its columns. */
  private String[] matrices = {};

  private int[] firstColumns = {};
  private int[] columnCounts = {};

  /**
   * What is adapted.
   *
   * @param matrix a parameter of the layer, [in, out] by columns
   * @param firstColumn from 0
   * @param columns how many
   */
  public record Adapter(String matrix, int firstColumn, int columns) {}

  /** For Jackson. */
  public LowRank() {}

  /**
   * Wraps a layer whose sizes are known.
   *
   * @param rank of the adapters, at least 1
   * @param alpha divided by the rank it is the scale of what the adapters add
   */
  public LowRank(Layer layer, int rank, double alpha, List<Adapter> adapters) {
    this.layer = layer;
    this.rank = rank;
    scale = alpha / rank;
    setLayerName(layer.getLayerName());
    matrices = adapters.stream().map(Adapter::matrix).toArray(String[]::new);
    firstColumns = adapters.stream().mapToInt(Adapter::firstColumn).toArray();
    columnCounts = adapters.stream().mapToInt(Adapter::columns).toArray();
    setWeightInitFn(WeightInit.LECUN_NORMAL.getWeightInitFunction());
    setIUpdater(new NoOp());
    if (layer instanceof BaseLayer base) {
      setIUpdater(base.getIUpdater());
      setRegularization(base.getRegularization());
      setGradientNormalization(base.getGradientNormalization());
      setGradientNormalizationThreshold(base.getGradientNormalizationThreshold());
    }
    if (layer instanceof FeedForwardLayer sized) {
      setNIn(sized.getNIn());
      setNOut(sized.getNOut());
    }
  }

  /** The shape [in, out] of a matrix of a layer. */
  private static long[] shape(Layer layer, String matrix) {
    if (layer instanceof ParametricLayer own) {
      return own.parameters().stream()
          .filter(array -> array.name().equals(matrix))
          .findFirst()
          .orElseThrow()
          .shape();
    }
    if (layer instanceof FeedForwardLayer connected
        && matrix.equals(DefaultParamInitializer.WEIGHT_KEY)) {
      return new long[] {connected.getNIn(), connected.getNOut()};
    }
    throw new IllegalStateException("no matrix " + matrix + " in " + layer.getClass());
  }

  /** The adapters, in the order of their parameters. */
  public List<Adapter> adapters() {
    List<Adapter> adapters = new ArrayList<>();
    for (int i = 0; i < matrices.length; i++) {
      adapters.add(new Adapter(matrices[i], firstColumns[i], columnCounts[i]));
    }
    return adapters;
  }

  /** The name of the parameter A of an adapter. */
  public static String down(int adapter) {
    return "A" + adapter;
  }

  /** The name of the parameter B of an adapter. */
  public static String up(int adapter) {
    return "B" + adapter;
  }

  private Layer inner() {
    return requireNonNull(layer, "a layer");
  }

  @Override
  List<ParameterArray> parameters() {
    List<ParameterArray> parameters = new ArrayList<>();
    // Whoever wraps a layer sets what it has learned.
    parameters.add(
        new ParameterArray(
            BASE,
            new long[] {inner().initializer().numParams(inner())},
            'c',
            Role.FREE,
            (view, own) -> view.assign(0)));
    for (int i = 0; i < matrices.length; i++) {
      long in = shape(inner(), matrices[i])[0];
      parameters.add(ParameterArray.matrix(down(i), in, rank));
      parameters.add(
          new ParameterArray(
              up(i),
              new long[] {rank, columnCounts[i]},
              'f',
              Role.WEIGHT,
              (view, own) -> view.assign(0)));
    }
    return parameters;
  }

  @Override
  public IUpdater getUpdaterByParam(String parameter) {
    return parameter.equals(BASE) ? new NoOp() : super.getUpdaterByParam(parameter);
  }

  @Override
  RuntimeLayer<?> runtime(NeuralNetConfiguration configuration, DataType type) {
    return new LowRankLayer(configuration, type);
  }

  /** The sizes are those of the layer within. */
  @Override
  public void setNIn(InputType input, boolean override) {
    inner().setNIn(input, override);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return inner().getOutputType(index, input);
  }

  @Override
  public LowRank clone() {
    LowRank clone = (LowRank) super.clone();
    clone.layer = inner().clone();
    return clone;
  }

  /** The layer within. */
  public @Nullable Layer getLayer() {
    return layer;
  }

  /** For Jackson. */
  public void setLayer(Layer layer) {
    this.layer = layer;
  }

  /** The rank of the adapters. */
  public int getRank() {
    return rank;
  }

  /** For Jackson. */
  public void setRank(int rank) {
    this.rank = rank;
  }

  /** By what the products of the adapters are multiplied. */
  public double getScale() {
    return scale;
  }

  /** For Jackson. */
  public void setScale(double scale) {
    this.scale = scale;
  }

  /** The matrices that have adapters. */
  public String[] getMatrices() {
    return matrices.clone();
  }

  /** For Jackson. */
  public void setMatrices(String[] matrices) {
    this.matrices = matrices.clone();
  }

  /** Of each adapter the first column. */
  public int[] getFirstColumns() {
    return firstColumns.clone();
  }

  /** For Jackson. */
  public void setFirstColumns(int[] firstColumns) {
    this.firstColumns = firstColumns.clone();
  }

  /** Of each adapter the number of columns. */
  public int[] getColumnCounts() {
    return columnCounts.clone();
  }

  /** For Jackson. */
  public void setColumnCounts(int[] columnCounts) {
    this.columnCounts = columnCounts.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LowRank own
        && super.equals(other)
        && Objects.equals(layer, own.layer)
        && rank == own.rank
        && scale == own.scale
        && Arrays.equals(matrices, own.matrices)
        && Arrays.equals(firstColumns, own.firstColumns)
        && Arrays.equals(columnCounts, own.columnCounts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), layer, rank, scale, Arrays.hashCode(matrices));
  }
}
