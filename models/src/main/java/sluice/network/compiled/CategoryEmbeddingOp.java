package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.CategoryEmbedding;

/** Gathers the rows of {@link CategoryEmbedding}'s tables, and scatters their gradients. */
final class CategoryEmbeddingOp implements Op {
  private final CategoryEmbedding layer;
  private final Tensor in;
  private final Tensor out;
  private final Table[] tables;

  /** Of each column the rows that the examples read. */
  private final int[][] rows;

  private float[] indices = {};
  private float[] vectors = {};
  private final float[] sum;

  private CategoryEmbeddingOp(CategoryEmbedding layer, Tensor in, Tensor out, Table[] tables) {
    this.layer = layer;
    this.in = in;
    this.out = out;
    this.tables = tables;
    rows = new int[tables.length][0];
    sum = new float[Arrays.stream(tables).mapToInt(Table::width).max().orElseThrow()];
  }

  /**
   * A table among the parameters.
   *
   * @param touched null if it is not large, or does not learn
   */
  private record Table(Weights weights, int width, @Nullable TouchedRows touched) {
    /** Makes the gradient zero before rows are added to it. */
    void begin(Block gradients, int[] read, int examples) {
      if (touched != null) {
        touched.begin(gradients, read, examples);
        return;
      }
      float[] zeros = new float[Loops.CHUNK];
      int at = weights.at();
      ParameterRanges.chunks(
          at, at + weights.count(), (from, count) -> gradients.write(from, zeros, count));
    }
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    CategoryEmbedding embedding = (CategoryEmbedding) settings;
    int[] cardinalities = embedding.getCardinalities();
    int[] dimensions = embedding.getDimensions();
    Table[] tables = new Table[dimensions.length];
    for (int i = 0; i < tables.length; i++) {
      Weights weights = requireNonNull(c.weights(layer, CategoryEmbedding.table(i)));
      tables[i] =
          new Table(
              weights, dimensions[i], c.touchedRows(weights, cardinalities[i], dimensions[i]));
    }
    Tensor out = c.learning((int) embedding.getNOut());
    c.add(new CategoryEmbeddingOp(embedding, in, out, tables));
    return Optional.of(out);
  }

  @Override
  public void forward(Step step) {
    int examples = step.examples();
    if (vectors.length < examples * out.size()) {
      vectors = new float[examples * out.size()];
      indices = new float[examples * in.size()];
    }
    in.data().read(0, indices, examples * in.size());
    int at = 0;
    for (int column = 0; column < tables.length; column++) {
      Table table = tables[column];
      if (rows[column].length < examples) {
        rows[column] = new int[examples];
      }
      Block parameters = table.weights().parameters();
      for (int i = 0; i < examples; i++) {
        int row = layer.row(column, indices[i * tables.length + column]);
        rows[column][i] = row;
        parameters.read(
            table.weights().at() + row * table.width(),
            vectors,
            i * out.size() + at,
            table.width());
      }
      at += table.width();
    }
    out.data().write(0, vectors, examples * out.size());
  }

  @Override
  public void backward(Step step) {
    int examples = step.examples();
    Block below = in.gradient();
    if (below != null && below.beta() == 0) {
      below.write(0, new float[examples * in.size()], examples * in.size());
    }
    if (out.gradient() == null) {
      return;
    }
    out.gradient().read(0, vectors, examples * out.size());
    int at = 0;
    for (int column = 0; column < tables.length; column++) {
      Table table = tables[column];
      Block gradients = table.weights().gradients();
      if (gradients != null) {
        table.begin(gradients, rows[column], examples);
        for (int i = 0; i < examples; i++) {
          int row = table.weights().at() + rows[column][i] * table.width();
          gradients.read(row, sum, table.width());
          for (int j = 0; j < table.width(); j++) {
            sum[j] += vectors[i * out.size() + at + j];
          }
          gradients.write(row, sum, table.width());
        }
      }
      at += table.width();
    }
  }
}
