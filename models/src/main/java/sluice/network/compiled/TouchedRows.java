package sluice.network.compiled;

import java.util.Arrays;

/**
 * Which rows of a large table the last minibatch has read. The gradient of all others is zero, and
 * stays so without anybody writing zeros.
 */
final class TouchedRows {
  private final int at;
  private final int rows;
  private final int width;
  private int[] touched = {};
  private int count;

  /** Whether gradients of other rows may be left over from an update. */
  private boolean all = true;

  /**
   * @param at where the table begins among the parameters
   */
  TouchedRows(int at, int rows, int width) {
    this.at = at;
    this.rows = rows;
    this.width = width;
  }

  int at() {
    return at;
  }

  int end() {
    return at + rows * width;
  }

  /** Makes the gradient zero, and remembers the rows of another minibatch, which may repeat. */
  void begin(Block gradients, int[] read, int length) {
    float[] zeros = new float[Loops.CHUNK];
    if (all) {
      ParameterRanges.chunks(at, end(), (from, size) -> gradients.write(from, zeros, size));
      all = false;
    } else {
      forEach((from, size) -> gradients.write(from, zeros, size));
    }
    touched = Arrays.copyOf(read, length);
    Arrays.sort(touched);
    count = 0;
    for (int row : touched) {
      if (count == 0 || row != touched[count - 1]) {
        touched[count++] = row;
      }
    }
  }

  /** Says that an update has written over the gradients of all rows. */
  void overwritten() {
    all = true;
  }

  /** The rows, those that follow each other together. */
  void forEach(ParameterRanges.Range range) {
    int first = 0;
    while (first < count) {
      int next = first + 1;
      while (next < count && touched[next] == touched[next - 1] + 1) {
        next++;
      }
      ParameterRanges.chunks(
          at + touched[first] * width, at + (touched[next - 1] + 1) * width, range);
      first = next;
    }
  }
}
