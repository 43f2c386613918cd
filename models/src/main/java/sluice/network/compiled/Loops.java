package sluice.network.compiled;

/** Loops over heap arrays in the form that the compiler vectorises. */
final class Loops {
  /** Floats of a pass at a time: some arrays of it fit into the first cache together. */
  static final int CHUNK = 4096;

  private Loops() {}

  /** Rows of a pass at a time. */
  static int rows(int width) {
    return Math.max(1, CHUNK / width);
  }

  /** to += from. */
  static void add(float[] to, float[] from, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += from[i];
    }
  }

  /** to += from, from some places on. */
  static void add(float[] to, int at, float[] from, int first, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] += from[first + i];
    }
  }

  /** Adds its own number to each row. */
  static void addToEach(float[] rows, float[] numbers, int first, int count, int width) {
    for (int row = 0; row < count; row++) {
      addNumber(rows, row * width, numbers[first + row], width);
    }
  }

  private static void addNumber(float[] rows, int at, float number, int width) {
    for (int i = 0; i < width; i++) {
      rows[at + i] += number;
    }
  }

  /** Adds a vector to each row. */
  static void addToRows(float[] rows, float[] vector, int count, int width) {
    for (int row = 0; row < count; row++) {
      addToRow(rows, row * width, vector, width);
    }
  }

  private static void addToRow(float[] rows, int at, float[] vector, int width) {
    for (int i = 0; i < width; i++) {
      rows[at + i] += vector[i];
    }
  }

  /** Adds each row to a vector. */
  static void addRows(float[] sums, float[] rows, int count, int width) {
    for (int row = 0; row < count; row++) {
      addRow(sums, rows, row * width, width);
    }
  }

  private static void addRow(float[] sums, float[] rows, int at, int width) {
    for (int i = 0; i < width; i++) {
      sums[i] += rows[at + i];
    }
  }

  static void scale(float[] numbers, int count, float factor) {
    for (int i = 0; i < count; i++) {
      numbers[i] *= factor;
    }
  }

  static void multiply(float[] to, float[] by, int count) {
    for (int i = 0; i < count; i++) {
      to[i] *= by[i];
    }
  }

  /** The sum, in eight parts side by side. */
  static float sum(float[] x, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = from;
    int to = from + count;
    for (; i < to - 7; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d) + (e + f + (g + h));
  }

  /** The sum of products, in eight parts side by side. */
  static float dot(float[] x, int from, float[] y, int at, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = 0;
    for (; i < count - 7; i += 8) {
      a += x[from + i] * y[at + i];
      b += x[from + i + 1] * y[at + i + 1];
      c += x[from + i + 2] * y[at + i + 2];
      d += x[from + i + 3] * y[at + i + 3];
      e += x[from + i + 4] * y[at + i + 4];
      f += x[from + i + 5] * y[at + i + 5];
      g += x[from + i + 6] * y[at + i + 6];
      h += x[from + i + 7] * y[at + i + 7];
    }
    for (; i < count; i++) {
      a += x[from + i] * y[at + i];
    }
    return a + b + (c + d) + (e + f + (g + h));
  }
}
