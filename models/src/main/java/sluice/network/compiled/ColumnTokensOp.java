package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.ColumnTokens;

/** {@link ColumnTokens}, example by example. */
final class ColumnTokensOp implements Op {
  private final ColumnTokens layer;
  private final Tensor in;
  private final Tensor out;
  private final int numbers;
  private final int columns;
  private final int width;

  /** Null if there are no numbers. */
  private final @Nullable Weights vectors;

  private final Weights biases;
  private final Weights example;
  private final EmbeddingTable[] tables;

  /** Of each category the rows that the examples read. */
  private final int[][] rows;

  private final float[] vector;
  private final float[] bias;
  private final float[] tokens;
  private final float[] turned;
  private float[] inputs = {};
  private float[] below = {};

  private ColumnTokensOp(Compilation c, ColumnTokens layer, Layer atWork, Tensor in) {
    this.layer = layer;
    this.in = in;
    int[] cardinalities = layer.getCardinalities();
    columns = in.size();
    numbers = columns - cardinalities.length;
    width = (int) layer.getNOut();
    vectors = c.weights(atWork, ColumnTokens.VECTORS);
    biases = requireNonNull(c.weights(atWork, ColumnTokens.BIASES));
    example = requireNonNull(c.weights(atWork, ColumnTokens.EXAMPLE));
    tables = new EmbeddingTable[cardinalities.length];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = new EmbeddingTable(c, atWork, layer, i);
    }
    rows = new int[tables.length][0];
    out = c.learning(width, columns + 1);
    vector = new float[numbers * width];
    bias = new float[(columns + 1) * width];
    tokens = new float[out.size()];
    turned = new float[out.size()];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    ColumnTokensOp op = new ColumnTokensOp(c, (ColumnTokens) settings, layer, in);
    c.add(op);
    return Optional.of(op.out);
  }

  @Override
  public void forward(Step step) {
    int examples = step.examples();
    if (inputs.length < examples * columns) {
      inputs = new float[examples * columns];
      below = new float[inputs.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new int[examples];
      }
    }
    in.data().read(0, inputs, examples * columns);
    readParameters();
    for (int i = 0; i < examples; i++) {
      for (int column = 0; column < numbers; column++) {
        set(tokens, column * width, inputs[i * columns + column], vector, width);
      }
      for (int category = 0; category < tables.length; category++) {
        int column = numbers + category;
        int row = tables[category].place(layer.row(category, inputs[i * columns + column]));
        rows[category][i] = row;
        tables[category].gather(row, tokens, column * width);
      }
      Arrays.fill(tokens, columns * width, tokens.length, 0);
      Loops.add(tokens, bias, tokens.length);
      Transposes.transpose(tokens, 0, columns + 1, width, turned, 0);
      out.data().write(i * out.size(), turned, turned.length);
    }
  }

  /** The token of the example lies behind the biases of the columns. */
  private void readParameters() {
    if (vectors != null) {
      vectors.read(vector);
    }
    biases.parameters().read(biases.at(), bias, 0, columns * width);
    example.parameters().read(example.at(), bias, columns * width, width);
  }

  private static void set(float[] to, int at, float factor, float[] vectors, int width) {
    for (int i = 0; i < width; i++) {
      to[at + i] = factor * vectors[at + i];
    }
  }

  private static void addTo(float[] sums, float factor, float[] from, int at, int width) {
    for (int i = 0; i < width; i++) {
      sums[at + i] += factor * from[at + i];
    }
  }

  @Override
  public void backward(Step step) {
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    int examples = step.examples();
    readParameters();
    float[] vectorSums = new float[vector.length];
    float[] sums = new float[bias.length];
    for (int i = 0; i < tables.length; i++) {
      tables[i].begin(rows[i], examples);
    }
    for (int i = 0; i < examples; i++) {
      gradient.read(i * out.size(), turned, turned.length);
      Transposes.transpose(turned, 0, width, columns + 1, tokens, 0);
      Loops.add(sums, tokens, tokens.length);
      for (int column = 0; column < numbers; column++) {
        int at = column * width;
        addTo(vectorSums, inputs[i * columns + column], tokens, at, width);
        below[i * columns + column] = Loops.dot(tokens, at, vector, at, width);
      }
      for (int category = 0; category < tables.length; category++) {
        int column = numbers + category;
        tables[category].scatter(rows[category][i], tokens, column * width);
        below[i * columns + column] = 0;
      }
    }
    if (vectors != null) {
      vectors.writeGradient(vectorSums);
    }
    biases.writeGradient(sums);
    example.writeGradient(Arrays.copyOfRange(sums, columns * width, sums.length));
    Block numbersBelow = in.gradient();
    if (numbersBelow != null) {
      numbersBelow.add(numbersBelow.beta(), 0, below, examples * columns, inputs);
    }
  }
}
