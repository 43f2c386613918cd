package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.CategoryTables;

/** A table among the parameters, whose rows are gathered, and their gradients scattered. */
final class EmbeddingTable {
  private final Weights weights;
  private final int width;

  /** Null if the table is not large, or does not learn. */
  private final @Nullable TouchedRows touched;

  /** Null if all rows are held, each in its own place. */
  private final @Nullable HeldRows held;

  private final float[] sum;

  /**
   * A table of which the network may hold some rows only.
   *
   * @param settings of the layer, with the numbers of all categories
   * @param column of the layer
   */
  EmbeddingTable(Compilation c, Layer layer, CategoryTables settings, int column) {
    weights = requireNonNull(c.weights(layer, settings.tableName(column)));
    width = settings.width(column);
    touched = c.touchedRows(weights, settings.getCardinalities()[column], width);
    held = c.heldRows(weights);
    sum = new float[width];
  }

  /**
   * A table of which the network holds all rows.
   *
   * @param name of the table among the layer's parameters
   */
  EmbeddingTable(Compilation c, Layer layer, String name, int rows) {
    weights = requireNonNull(c.weights(layer, name));
    width = weights.count() / rows;
    touched = c.touchedRows(weights, rows, width);
    held = null;
    sum = new float[width];
  }

  /** Where a row is, which all other methods are told. */
  int place(int row) {
    return held == null ? row : held.slot(row);
  }

  int width() {
    return width;
  }

  /** Copies a row. */
  void gather(int row, float[] to, int at) {
    weights.parameters().read(weights.at() + row * width, to, at, width);
  }

  /**
   * Makes the gradient zero before rows are added to it.
   *
   * @param read the rows that this minibatch has read
   * @param count of them
   */
  void begin(int[] read, int count) {
    Block gradients = weights.gradients();
    if (gradients == null) {
      return;
    }
    if (touched != null) {
      touched.begin(gradients, read, count);
      return;
    }
    float[] zeros = new float[Loops.CHUNK];
    ParameterRanges.chunks(
        weights.at(),
        weights.at() + weights.count(),
        (from, length) -> gradients.write(from, zeros, length));
  }

  /** Adds to the gradient of a row. */
  void scatter(int row, float[] from, int at) {
    Block gradients = weights.gradients();
    if (gradients == null) {
      return;
    }
    int place = weights.at() + row * width;
    gradients.read(place, sum, width);
    for (int i = 0; i < width; i++) {
      sum[i] += from[at + i];
    }
    gradients.write(place, sum, width);
  }
}
