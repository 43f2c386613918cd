package sluice.network;

import java.util.Arrays;

/** One example on its way into {@link Examples}, group by group. Not thread-safe. */
public final class Example {
  private final ExampleLayout layout;

  /** What is kept, and how many numbers and indices there are so far. */
  float[] numbers;

  int[] indices;
  final byte[] bytes;
  int numberCount;
  int indexCount;

  /** The steps of each series. */
  final int[] steps;

  /** The values of an example by group, each of which is asked for what the layout says it has. */
  public interface GroupValues {
    /** The values of a group of numbers, of a series step by step; the weights of indices. */
    float[] numbers(int group);

    /** The values of a group of indices, weighted or not. */
    int[] indices(int group);

    /** The values of a group of bytes. */
    byte[] bytes(int group);
  }

  /** An example without values. */
  public Example(ExampleLayout layout) {
    this.layout = layout;
    numbers = new float[layout.numbers()];
    indices = new int[layout.indices()];
    bytes = new byte[layout.bytes()];
    steps = new int[layout.series()];
    clear();
  }

  /** Forgets the values. */
  public void clear() {
    numberCount = layout.numbers();
    indexCount = layout.indices();
  }

  /**
   * Overwrites all values.
   *
   * @throws IllegalStateException if a group has not as many as the layout says
   */
  public void set(GroupValues values) {
    clear();
    for (int g = 0; g < layout.groups(); g++) {
      if (layout.isBytes(g)) {
        put(g, values.bytes(g));
      } else if (layout.isWeighted(g)) {
        put(g, values.indices(g), values.numbers(g));
      } else if (layout.isIndexed(g)) {
        put(g, values.indices(g));
      } else {
        put(g, values.numbers(g));
      }
    }
  }

  /**
   * The values of a group of numbers; of a series step by step. Groups come in their order.
   *
   * @throws IllegalStateException if they are not as many as the layout says
   */
  public void put(int group, float[] values) {
    int to = place(group, values.length, numberCount);
    if (layout.series(group) >= 0) {
      to = growNumbers(values.length);
    }
    System.arraycopy(values, 0, numbers, to, values.length);
  }

  /**
   * {@link #put(int, float[])} of a group of indices.
   *
   * @throws IllegalStateException likewise, and if they are weighted
   */
  public void put(int group, int[] values) {
    if (layout.isWeighted(group)) {
      throw new IllegalStateException(
          "feature group %s must have a weight for each index".formatted(layout.name(group)));
    }
    putIndices(group, values);
  }

  /**
   * {@link #put(int, float[])} of a group of weighted indices.
   *
   * @throws IllegalStateException if there are not as many weights
   */
  public void put(int group, int[] values, float[] weights) {
    if (!layout.isWeighted(group) || values.length != weights.length) {
      throw new IllegalStateException(
          "feature group %s must have a weight for each index, got %d and %d"
              .formatted(layout.name(group), weights.length, values.length));
    }
    putIndices(group, values);
    int to = growNumbers(weights.length);
    System.arraycopy(weights, 0, numbers, to, weights.length);
  }

  private void putIndices(int group, int[] values) {
    int to = place(group, values.length, indexCount);
    if (layout.series(group) >= 0) {
      indexCount += values.length;
      if (indices.length < indexCount) {
        indices = Arrays.copyOf(indices, Math.max(indexCount, 2 * indices.length));
      }
    }
    System.arraycopy(values, 0, indices, to, values.length);
  }

  /** Makes room for so many numbers of a series, and gives the place of the first. */
  private int growNumbers(int count) {
    int to = numberCount;
    numberCount += count;
    if (numbers.length < numberCount) {
      numbers = Arrays.copyOf(numbers, Math.max(numberCount, 2 * numbers.length));
    }
    return to;
  }

  /** {@link #put(int, float[])} of a group of bytes. */
  public void put(int group, byte[] values) {
    System.arraycopy(values, 0, bytes, place(group, values.length, 0), values.length);
  }

  private int place(int group, int count, int end) {
    int series = layout.series(group);
    int length = layout.length(group);
    if (series < 0 && count == length) {
      return layout.start(group);
    }
    if (series < 0 || count % length != 0) {
      throw new IllegalStateException(
          "feature group %s must have %s%d values, got %d"
              .formatted(layout.name(group), series < 0 ? "" : "a multiple of ", length, count));
    }
    steps[series] = count / length;
    return end;
  }
}
