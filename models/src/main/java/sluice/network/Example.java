package sluice.network;

import java.util.Arrays;

/** One example on its way into {@link Examples}, group by group. Not thread-safe. */
public final class Example {
  private final ExampleLayout layout;

  /** Numbers and indices as they are kept, and how many of each there are so far. */
  float[] numbers;

  int[] indices;
  int numberCount;
  int indexCount;

  /** The steps of each series. */
  final int[] steps;

  /** An example without values. */
  public Example(ExampleLayout layout) {
    this.layout = layout;
    numbers = new float[layout.numbers()];
    indices = new int[layout.indices()];
    steps = new int[layout.series()];
    clear();
  }

  /** Forgets the values. */
  public void clear() {
    numberCount = layout.numbers();
    indexCount = layout.indices();
  }

  /**
   * The values of a group of numbers; of a series step by step. Groups come in their order.
   *
   * @throws IllegalStateException if they are not as many as the layout says
   */
  public void put(int group, float[] values) {
    int to = place(group, values.length, numberCount);
    if (layout.series(group) >= 0) {
      numberCount += values.length;
      if (numbers.length < numberCount) {
        numbers = Arrays.copyOf(numbers, Math.max(numberCount, 2 * numbers.length));
      }
    }
    System.arraycopy(values, 0, numbers, to, values.length);
  }

  /** {@link #put(int, float[])} of a group of indices. */
  public void put(int group, int[] values) {
    int to = place(group, values.length, indexCount);
    if (layout.series(group) >= 0) {
      indexCount += values.length;
      if (indices.length < indexCount) {
        indices = Arrays.copyOf(indices, Math.max(indexCount, 2 * indices.length));
      }
    }
    System.arraycopy(values, 0, indices, to, values.length);
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
