package sluice.network.compiled;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import sluice.network.layers.SeriesTokens;

/** {@link SeriesTokens}, over the steps of all examples as rows; of padding no row is read. */
final class SeriesTokensOp implements Op {
  /** A table whose rows are added to tokens. */
  private static final class Table {
    final EmbeddingTable rows;

    /** The row of a place among the steps of all examples. */
    final IntUnaryOperator row;

    /** The rows that this minibatch reads, and the places of their tokens. */
    int[] read = {};

    int count;

    Table(EmbeddingTable rows, IntUnaryOperator row) {
      this.rows = rows;
      this.row = row;
    }
  }

  private final SeriesTokens layer;
  private final Tensor in;
  private final Tensor out;
  private final int features;
  private final int time;
  private final int width;

  /** Null if the steps are indices. */
  private final @Nullable Connected projection;

  private final List<Table> tables = new ArrayList<>();
  private final SeriesRows numbers;
  private final SeriesRows given;
  private final Block x;
  private final Block y;
  private final float[] some;
  private final float[] token;
  private float[] inputs = {};

  /** Places of steps that are there. */
  private int[] places = {};

  private int placeCount;

  private SeriesTokensOp(Compilation c, SeriesTokens layer, Layer atWork, Tensor in) {
    this.layer = layer;
    this.in = in;
    features = in.shape()[0];
    time = in.shape()[1];
    width = (int) layer.getNOut();
    out = c.learning(width, time).masked(in.mask());
    boolean indexed = layer.getVocabulary() > 0;
    projection = indexed ? null : new Connected(c, atWork, SeriesTokens.VECTORS, SeriesTokens.BIAS);
    if (indexed) {
      tables.add(
          new Table(
              new EmbeddingTable(c, atWork, SeriesTokens.VECTORS, layer.getVocabulary()),
              place -> layer.row(input(place, 0))));
    }
    if (layer.getPositions() > 0) {
      tables.add(
          new Table(
              new EmbeddingTable(c, atWork, SeriesTokens.POSITIONS, layer.getPositions()),
              place -> place % time));
    }
    if (layer.getSegments() > 0) {
      tables.add(
          new Table(
              new EmbeddingTable(c, atWork, SeriesTokens.SEGMENTS, layer.getSegments()),
              place -> features == 1 ? 0 : layer.segment(input(place, 1))));
    }
    numbers = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, features, time);
    given = new SeriesRows(SeriesRows.Order.BY_EXAMPLE, width, time);
    x = c.block(in.size());
    y = c.block(out.size());
    some = new float[Math.max(Loops.CHUNK, width)];
    token = new float[width];
  }

  static Optional<Tensor> compile(
      Layer layer, org.deeplearning4j.nn.conf.layers.Layer settings, Tensor in, Compilation c) {
    SeriesTokensOp op = new SeriesTokensOp(c, (SeriesTokens) settings, layer, in);
    c.add(op);
    return Optional.of(op.out);
  }

  private float input(int place, int feature) {
    return inputs[(place / time * features + feature) * time + place % time];
  }

  @Override
  public void forward(Step step) {
    int examples = step.examples();
    findPlaces(examples);
    if (projection == null) {
      if (inputs.length < examples * in.size()) {
        inputs = new float[examples * in.size()];
      }
      in.data().read(0, inputs, examples * in.size());
      float[] zeros = new float[out.size()];
      for (int i = 0; i < examples; i++) {
        y.write(i * zeros.length, zeros, zeros.length);
      }
    } else {
      numbers.toRows(examples, in.data(), x);
      Connected connected = projection;
      connected.forward(step, examples * time, x, y);
      SeriesRows.pass(
          examples * time,
          width,
          y,
          some,
          (rows, row, count) -> connected.addBiases(rows, count),
          y);
    }
    for (Table table : tables) {
      gather(table);
    }
    given.toSeries(examples, y, out.mask(), out.data());
  }

  private void findPlaces(int examples) {
    if (places.length < examples * time) {
      places = new int[examples * time];
      tables.forEach(table -> table.read = new int[places.length]);
    }
    placeCount = 0;
    int longest = 0;
    for (int example = 0; example < examples; example++) {
      int length = in.mask().length(example);
      longest = Math.max(longest, length);
      for (int t = 0; t < length; t++) {
        if (in.mask().at(example, t) != 0) {
          places[placeCount++] = example * time + t;
        }
      }
    }
    layer.requirePositions(longest);
  }

  private void gather(Table table) {
    table.count = placeCount;
    for (int i = 0; i < placeCount; i++) {
      int row = table.row.applyAsInt(places[i]);
      table.read[i] = row;
      table.rows.gather(row, token, 0);
      int at = places[i] * width;
      y.read(at, some, width);
      Loops.add(some, token, width);
      y.write(at, some, width);
    }
  }

  @Override
  public void backward(Step step) {
    int examples = step.examples();
    Block below = in.gradient();
    if (below != null && projection == null && below.beta() == 0) {
      below.write(0, new float[examples * in.size()], examples * in.size());
    }
    Block gradient = out.gradient();
    if (gradient == null) {
      return;
    }
    given.toRows(examples, gradient, out.mask(), y);
    for (Table table : tables) {
      table.rows.begin(Arrays.copyOf(table.read, table.count), table.count);
      for (int i = 0; i < table.count; i++) {
        y.read(places[i] * width, token, width);
        table.rows.scatter(table.read[i], token, 0);
      }
    }
    if (projection != null) {
      Connected connected = projection;
      connected.beginBackward();
      SeriesRows.look(
          examples * time, width, y, some, (rows, row, count) -> connected.sumBiases(rows, count));
      connected.backward(examples * time, x, y, below == null ? null : x, 0);
      if (below != null) {
        numbers.addToSeries(examples, x, below);
      }
    }
  }
}
