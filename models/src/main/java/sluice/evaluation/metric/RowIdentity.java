package sluice.evaluation.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What tells the rows of a set of predictions apart: key hashes and slice values. */
public final class RowIdentity {
  private final long[] keyHashes;
  private final List<SliceColumn> slices;

  private RowIdentity(long[] keyHashes, List<SliceColumn> slices) {
    this.keyHashes = keyHashes;
    this.slices = slices;
  }

  /**
   * The identity of rows.
   *
   * @param keyHashes {@link Predictions#keyHash} a row
   * @param truths the number of true values, one a row
   * @throws IllegalArgumentException if lengths differ, there are too many rows, or a slice is
   *     there twice
   */
  public static RowIdentity of(long[] keyHashes, int truths, List<SliceColumn> slices) {
    int rows = keyHashes.length;
    if (rows > Predictions.MAX_ROWS) {
      throw new IllegalArgumentException(
          "at most %d rows, got %d".formatted(Predictions.MAX_ROWS, rows));
    }
    if (truths != rows) {
      throw new IllegalArgumentException("%d keys but %d truths".formatted(rows, truths));
    }
    Set<String> names = new HashSet<>();
    for (SliceColumn slice : slices) {
      if (slice.rows() != rows) {
        throw new IllegalArgumentException(
            "%d keys but %d values of slice %s".formatted(rows, slice.rows(), slice.name()));
      }
      if (!names.add(slice.name())) {
        throw new IllegalArgumentException("slice " + slice.name() + " is there twice");
      }
    }
    return new RowIdentity(keyHashes, List.copyOf(slices));
  }

  /** The key's hash of a row. */
  public long keyHash(int row) {
    return keyHashes[row];
  }

  /** The slice columns. */
  public List<SliceColumn> slices() {
    return slices;
  }

  /** The row numbers by key hash, and equal hashes by content. */
  public int[] order(Comparator<Integer> byContent) {
    int[] order = Order.by(keyHashes);
    Comparator<Integer> byAll = byContent;
    for (SliceColumn slice : slices) {
      byAll = byAll.thenComparingInt(slice::code);
    }
    int start = 0;
    while (start < order.length) {
      int end = start + 1;
      while (end < order.length && keyHashes[order[end]] == keyHashes[order[start]]) {
        end++;
      }
      if (end - start > 1) {
        int[] equal =
            Arrays.stream(order, start, end)
                .boxed()
                .sorted(byAll)
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(equal, 0, order, start, equal.length);
      }
      start = end;
    }
    return order;
  }

  /** These rows, in this order. */
  public RowIdentity select(int[] rows) {
    long[] selected = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = keyHashes[rows[i]];
    }
    return new RowIdentity(selected, slices.stream().map(s -> s.select(rows)).toList());
  }

  /** Whether both have the same keys in the same order. */
  public boolean sameKeys(RowIdentity other) {
    return Arrays.equals(keyHashes, other.keyHashes);
  }
}
