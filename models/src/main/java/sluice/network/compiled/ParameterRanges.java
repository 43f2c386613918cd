package sluice.network.compiled;

import java.util.TreeMap;

/**
 * The parameters that a step may change, in ranges of at most {@link Loops#CHUNK}: all of them, but
 * of large tables only the rows that the minibatch has read.
 *
 * <p>A table is large from {@value #LARGE} numbers on. Adam takes some 3.5 ns a number, so that a
 * pass over such a table would take as long as the rest of a step of a usual network for tables,
 * while a minibatch touches some hundred of its rows. Below that a table is treated as any other
 * parameter, and a step comes to what Deeplearning4j's comes to.
 *
 * <p>The rows of a large table that a minibatch does not read keep their values and the updater's
 * state, as in TensorFlow's LazyAdam. Dense Adam, Deeplearning4j's, would let the moments of such a
 * row decay and move it on by what they hold; and penalties would shrink it in each step, which
 * here they do only in steps that read it. A step that reads all rows is the same in both.
 */
final class ParameterRanges {
  /** What to do with a range of parameters. */
  @FunctionalInterface
  interface Range {
    void accept(int from, int count);
  }

  static final int LARGE = 1 << 20;

  private final TreeMap<Integer, TouchedRows> tables = new TreeMap<>();

  /** The large tables among the parameters from one to another. */
  Iterable<TouchedRows> tables(int from, int to) {
    return tables.subMap(from, to).values();
  }

  static boolean isLarge(int rows, int width) {
    return (long) rows * width >= LARGE;
  }

  /** The rows of a large table, which all plans of a network share. */
  TouchedRows table(int at, int rows, int width) {
    return tables.computeIfAbsent(at, place -> new TouchedRows(at, rows, width));
  }

  /** Goes through the parameters from one to another, neither of them within a table. */
  void forEach(int from, int to, Range range) {
    int at = from;
    for (TouchedRows table : tables(from, to)) {
      chunks(at, table.at(), range);
      table.forEach(range);
      at = table.end();
    }
    chunks(at, to, range);
  }

  static void chunks(int from, int to, Range range) {
    for (int at = from; at < to; at += Loops.CHUNK) {
      range.accept(at, Math.min(Loops.CHUNK, to - at));
    }
  }
}
