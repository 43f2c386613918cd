package sluice.evaluation.metric;

import java.util.Arrays;

/** A growing array of ints. */
public final class IntList {
  private int[] values = new int[16];
  private int size;

  /** Adds one behind the others. */
  public void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** A copy of them. */
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
