package sluice.network.compiled;

/**
 * The steps of a minibatch of series as rows, one example behind the other: of each example those
 * up to the last that is there, so that nothing is computed for the padding behind it.
 */
final class StepRows {
  private final int time;
  private int examples;

  /** The first row of each example, and behind the last the number of all. */
  private int[] starts = {0};

  /** Of each row the step among those of all examples, padding included. */
  private int[] places = {};

  /**
   * @param time steps of each example, padding included
   */
  StepRows(int time) {
    this.time = time;
  }

  /** The rows of another minibatch. */
  void set(int count, StepMask mask) {
    examples = count;
    if (starts.length <= count) {
      starts = new int[count + 1];
      places = new int[count * time];
    }
    int row = 0;
    for (int example = 0; example < count; example++) {
      starts[example] = row;
      int length = mask.length(example);
      for (int step = 0; step < length; step++) {
        places[row++] = example * time + step;
      }
    }
    starts[count] = row;
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
