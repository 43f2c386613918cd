package sluice.network.compiled;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import sluice.network.layers.CategoryEmbedding;

/** Gathers the rows of {@link CategoryEmbedding}'s tables, and scatters their gradients. */
final class CategoryEmbeddingOp implements Op {
  private final CategoryEmbedding layer;
  private final Tensor in;
  private final Tensor out;
  private final EmbeddingTable[] tables;

  /** Of each column the rows that the examples read. */
  private final int[][] rows;

  private float[] indices = {};
  private float[] vectors = {};

  private CategoryEmbeddingOp(
      CategoryEmbedding layer, Tensor in, Tensor out, EmbeddingTable[] tables) {
    this.layer = layer;
    this.in = in;
    this.out = out;
    this.tables = tables;
    rows = new int[tables.length][0];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    CategoryEmbedding embedding = (CategoryEmbedding) settings;
    EmbeddingTable[] tables = new EmbeddingTable[embedding.getCardinalities().length];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = new EmbeddingTable(c, layer, embedding, i);
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
      if (rows[column].length < examples) {
        rows[column] = new int[examples];
      }
      for (int i = 0; i < examples; i++) {
        int row = tables[column].place(layer.row(column, indices[i * tables.length + column]));
        rows[column][i] = row;
        tables[column].gather(row, vectors, i * out.size() + at);
      }
      at += tables[column].width();
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
      tables[column].begin(rows[column], examples);
      for (int i = 0; i < examples; i++) {
        tables[column].scatter(rows[column][i], vectors, i * out.size() + at);
      }
      at += tables[column].width();
    }
  }
}
