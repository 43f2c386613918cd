package sluice.evaluation.metric;

/** Sorting of row numbers by primitive keys, without an object a row. */
public final class Order {
  private static final int DIGIT = 11;
  private static final int BUCKETS = 1 << DIGIT;

  private Order() {}

  /** The row numbers in ascending order of their keys, equal keys as they stand: a radix sort. */
  public static int[] by(long[] keys) {
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int[] sorted = new int[keys.length];
    for (int shift = 0; shift < Long.SIZE; shift += DIGIT) {
      int[] starts = new int[BUCKETS + 1];
      for (long key : keys) {
        starts[digit(key, shift) + 1]++;
      }
      if (keys.length == 0 || starts[digit(keys[0], shift) + 1] == keys.length) {
        continue;
      }
      for (int i = 0; i < BUCKETS; i++) {
        starts[i + 1] += starts[i];
      }
      for (int row : order) {
        sorted[starts[digit(keys[row], shift)]++] = row;
      }
      int[] swap = order;
      order = sorted;
      sorted = swap;
    }
    return order;
  }

  private static int digit(long key, int shift) {
    return (int) ((key ^ Long.MIN_VALUE) >>> shift) & (BUCKETS - 1);
  }
}
