package sluice.network.compiled;

/** Series [features, time], as they lie, and their steps [time, features]. */
final class Transposes {
  private Transposes() {}

  /** to[j, i] = from[i, j] for a matrix of some rows and columns. */
  static void transpose(float[] from, int at, int rows, int columns, float[] to, int place) {
    for (int i = 0; i < rows; i++) {
      int source = at + i * columns;
      for (int j = 0; j < columns; j++) {
        to[place + j * rows + i] = from[source + j];
      }
    }
  }
}
