package sluice.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Examples as an {@link ExampleLayout} has them, compact: numbers and indices apart, one example
 * behind the other. Not thread-safe.
 */
public final class Examples implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ExampleLayout layout;
  private float[] numbers;
  private int[] indices;

  /** Where each example begins, and behind the last the end; empty if there are no series. */
  private int[] numberStarts;

  private int[] indexStarts;

  /** Of each example the steps of each series. */
  private int[] steps;

  private int size;

  /** None yet. */
  public Examples(ExampleLayout layout) {
    this(layout, new float[0], new int[0], 0);
  }

  private Examples(ExampleLayout layout, float[] numbers, int[] indices, int size) {
    this.layout = layout;
    this.numbers = numbers;
    this.indices = indices;
    this.size = size;
    numberStarts = new int[layout.series() == 0 ? 0 : 1];
    indexStarts = numberStarts.clone();
    steps = new int[0];
  }

  /**
   * Examples that have no series.
   *
   * @param numbers of all examples, one behind the other, not copied
   * @param indices likewise
   */
  public static Examples of(ExampleLayout layout, float[] numbers, int[] indices, int size) {
    if (layout.series() > 0) {
      throw new IllegalArgumentException("examples with series are added one by one");
    }
    return new Examples(layout, numbers, indices, size);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The bytes of their values. */
  public long bytes() {
    return 4L * (numberEnd() + indexEnd() + 3L * steps.length);
  }

  private boolean hasSeries() {
    return layout.series() > 0;
  }

  private int numberEnd() {
    return numberStart(size);
  }

  private int indexEnd() {
    return indexStart(size);
  }

  private int numberStart(int example) {
    return hasSeries() ? numberStarts[example] : example * layout.numbers();
  }

  private int indexStart(int example) {
    return hasSeries() ? indexStarts[example] : example * layout.indices();
  }

  /** Adds an example. */
  public void add(Example example) {
    add(
        example.numbers,
        0,
        example.numberCount,
        example.indices,
        0,
        example.indexCount,
        example.steps,
        0);
  }

  /** Adds an example of others of this layout. */
  public void add(Examples other, int example) {
    int number = other.numberStart(example);
    int index = other.indexStart(example);
    add(
        other.numbers,
        number,
        other.numberStart(example + 1) - number,
        other.indices,
        index,
        other.indexStart(example + 1) - index,
        other.steps,
        example * layout.series());
  }

  private void add(
      float[] fromNumbers,
      int number,
      int numberCount,
      int[] fromIndices,
      int index,
      int indexCount,
      int[] fromSteps,
      int step) {
    int numberEnd = numberEnd();
    int indexEnd = indexEnd();
    if (numbers.length < numberEnd + numberCount) {
      numbers = Arrays.copyOf(numbers, Math.max(numberEnd + numberCount, 2 * numbers.length));
    }
    if (indices.length < indexEnd + indexCount) {
      indices = Arrays.copyOf(indices, Math.max(indexEnd + indexCount, 2 * indices.length));
    }
    System.arraycopy(fromNumbers, number, numbers, numberEnd, numberCount);
    System.arraycopy(fromIndices, index, indices, indexEnd, indexCount);
    if (hasSeries()) {
      if (numberStarts.length < size + 2) {
        numberStarts = Arrays.copyOf(numberStarts, 2 * (size + 2));
        indexStarts = Arrays.copyOf(indexStarts, 2 * (size + 2));
        steps = Arrays.copyOf(steps, numberStarts.length * layout.series());
      }
      numberStarts[size + 1] = numberEnd + numberCount;
      indexStarts[size + 1] = indexEnd + indexCount;
      System.arraycopy(fromSteps, step, steps, size * layout.series(), layout.series());
    }
    size++;
  }

  /** Forgets all of them. */
  public void clear() {
    size = 0;
  }

  /** Gives back what was reserved and not used. */
  public void trim() {
    numbers = Arrays.copyOf(numbers, numberEnd());
    indices = Arrays.copyOf(indices, indexEnd());
    if (hasSeries()) {
      numberStarts = Arrays.copyOf(numberStarts, size + 1);
      indexStarts = Arrays.copyOf(indexStarts, size + 1);
      steps = Arrays.copyOf(steps, size * layout.series());
    }
  }

  float[] numbers() {
    return numbers;
  }

  int[] indices() {
    return indices;
  }

  /** How many steps an example has in a group that is a series. */
  int steps(int example, int group) {
    return steps[example * layout.series() + layout.series(group)];
  }

  /** Where an example's values of a group begin among all numbers, or indices. */
  int start(int example, int group) {
    boolean indexed = layout.isIndexed(group);
    int first = indexed ? indexStart(example) : numberStart(example);
    if (layout.series(group) < 0) {
      return first + layout.start(group);
    }
    int at = first + (indexed ? layout.indices() : layout.numbers());
    for (int before = 0; before < group; before++) {
      if (layout.series(before) >= 0 && layout.isIndexed(before) == indexed) {
        at += steps(example, before) * layout.length(before);
      }
    }
    return at;
  }
}
