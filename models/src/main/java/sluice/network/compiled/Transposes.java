package sluice.network.compiled;

/** Series [features, time], as they lie, and their steps [time, features]. */
final class Transposes {
  /** Columns at a time: the lines that they become fit into the first cache together. */
  private static final int TILE = 16;

  private Transposes() {}

  /** to[j, i] = from[i, j] for a matrix of some rows and columns. */
  static void transpose(float[] from, int at, int rows, int columns, float[] to, int place) {
    transpose(from, at, rows, columns, columns, to, place, rows);
  }

  /**
   * The same for a part of a matrix.
   *
   * @param stride from one row of {@code from} to the next
   * @param room from one row of {@code to} to the next
   */
  static void transpose(
      float[] from, int at, int rows, int columns, int stride, float[] to, int place, int room) {
    for (int first = 0; first < columns; first += TILE) {
      int count = Math.min(TILE, columns - first);
      for (int i = 0; i < rows; i++) {
        int source = at + i * stride + first;
        int target = place + first * room + i;
        for (int j = 0; j < count; j++) {
          to[target + j * room] = from[source + j];
        }
      }
    }
  }
}
