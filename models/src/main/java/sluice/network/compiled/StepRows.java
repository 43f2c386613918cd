package sluice.network.compiled;

/**
 * The steps of a minibatch of series as rows, one example behind the other: of each example those
 * up to the last that is there, so that nothing is computed for the padding behind it. Where there
 * is no way back, an operation takes few examples at a time, whose rows stay in the processor's
 * cache.
 */
final class StepRows {
  /** Rows that are taken at a time where there is no way back, or a longer example. */
  private static final int ROWS = 192;

  private final int time;
  private final boolean learns;
  private final int blockOfRows;

  /** The most rows. */
  private final int room;

  /** The first of the examples in the minibatch. */
  private int first;

  private int examples;

  /** The first row of each example, and behind the last the number of all. */
  private int[] starts = {0};

  /** Of each row the step among those of all examples, padding included. */
  private int[] places = {};

  /**
   * @param time steps of each example, padding included
   */
  StepRows(Compilation c, int time) {
    this.time = time;
    learns = c.learns();
    // By the length that an example is padded to, so that its bits depend on nothing else.
    blockOfRows = learns ? c.products().blockOfRows() : c.products().blockOfRows(time);
    int blocks = (Math.max(ROWS, time) + blockOfRows - 1) / blockOfRows;
    room = learns ? Integer.MAX_VALUE : Math.multiplyExact(blocks, blockOfRows);
  }

  /** Rows of one product where they must not depend on each other. */
  int blockOfRows() {
    return blockOfRows;
  }

  /** Room for rows of this width. */
  Block block(Compilation c, int width) {
    return learns ? c.block(width, time) : c.scratch(room, width);
  }

  /**
   * The rows of as many examples of a minibatch as there is room for, at least one.
   *
   * @param from the first of them
   * @param to behind the last that there is
   * @return behind the last that was taken
   */
  int take(int from, int to, StepMask mask) {
    first = from;
    if (starts.length <= to - from) {
      starts = new int[to - from + 1];
      places = new int[(to - from) * time];
    }
    int row = 0;
    examples = 0;
    while (from + examples < to && row + mask.length(from + examples) <= room) {
      starts[examples] = row;
      int length = mask.length(from + examples);
      for (int step = 0; step < length; step++) {
        places[row++] = examples * time + step;
      }
      examples++;
    }
    starts[examples] = row;
    return from + examples;
  }

  /** The first of the examples in the minibatch, from which the others count. */
  int first() {
    return first;
  }

  int examples() {
    return examples;
  }

  int time() {
    return time;
  }

  /** How many rows there are. */
  int count() {
    return starts[examples];
  }

  /** The first row of an example. */
  int start(int example) {
    return starts[example];
  }

  /** The rows of an example. */
  int length(int example) {
    return starts[example + 1] - starts[example];
  }

  /** The step that a row is, among those of its example. */
  int step(int row) {
    return places[row] % time;
  }

  /** Multiplies rows by factors that were drawn for all steps, padding included. */
  void drop(DropoutMask mask, float[] numbers, int row, int count, int width) {
    int first = 0;
    while (first < count) {
      int next = first + 1;
      while (next < count && places[row + next] == places[row + next - 1] + 1) {
        next++;
      }
      mask.multiply(numbers, first * width, places[row + first] * width, (next - first) * width);
      first = next;
    }
  }
}
