package sluice.network.compiled;

/** Rows of several parts of one width, and each part of all rows together, as passes want it. */
final class Parts {
  private final int width;
  private final int rows;
  private final float[] numbers;
  private final float[][] parts;

  /**
   * @param count of parts of a row
   * @param width of each
   */
  Parts(int count, int width) {
    this.width = width;
    rows = Loops.rows(count * width);
    numbers = new float[rows * count * width];
    parts = new float[count][rows * width];
  }

  /** Rows that are passed over at a time. */
  int rows() {
    return rows;
  }

  /** The rows as they lie. */
  float[] numbers() {
    return numbers;
  }

  /** One part of each row. */
  float[] part(int index) {
    return parts[index];
  }

  /** Reads rows that begin at a place of a block. */
  void read(Block from, int row, int count) {
    from.read(row * parts.length * width, numbers, count * parts.length * width);
  }

  void write(Block to, int row, int count) {
    to.write(row * parts.length * width, numbers, count * parts.length * width);
  }

  /** Takes the parts out of the rows. */
  void split(int count) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < parts.length; i++) {
        System.arraycopy(numbers, (row * parts.length + i) * width, parts[i], row * width, width);
      }
    }
  }

  /** Puts the parts into the rows. */
  void join(int count) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < parts.length; i++) {
        System.arraycopy(parts[i], row * width, numbers, (row * parts.length + i) * width, width);
      }
    }
  }
}
