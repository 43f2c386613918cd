package sluice.network;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import sluice.data.InvalidInput;

/**
 * Examples as an {@link ExampleLayout} has them, compact: numbers, bytes and indices apart, one
 * example behind the other. Not thread-safe.
 */
public final class Examples implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What an array can have for sure. */
  private static final int MOST_VALUES = Integer.MAX_VALUE - 16;

  private final ExampleLayout layout;
  private float[] numbers;
  private int[] indices;
  private byte[] bytes = {};

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
   * Examples that have neither series nor bytes.
   *
   * @param numbers of all examples, one behind the other, not copied
   * @param indices likewise
   */
  public static Examples of(ExampleLayout layout, float[] numbers, int[] indices, int size) {
    if (layout.series() > 0 || layout.bytes() > 0) {
      throw new IllegalArgumentException("examples with series or bytes are added one by one");
    }
    return new Examples(layout, numbers, indices, size);
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The bytes of their values. */
  public long bytes() {
    return 4L * ((long) numberEnd() + indexEnd() + 3L * steps.length) + byteStart(size);
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
    return hasSeries() ? numberStarts[example] : place(example, layout.numbers());
  }

  private int indexStart(int example) {
    return hasSeries() ? indexStarts[example] : place(example, layout.indices());
  }

  private int byteStart(int example) {
    return place(example, layout.bytes());
  }

  private static int place(int example, int each) {
    return inArray((long) example * each, example);
  }

  /** Refuses what does not fit an array. */
  private static int inArray(long values, int examples) {
    if (values > MOST_VALUES) {
      throw InvalidInput.configuration(
          String.format(
              Locale.ROOT,
              "examples that are taken together must have at most %,d values, %,d have %,d: lower train.batch-size, or make examples smaller",
              MOST_VALUES,
              examples,
              values));
    }
    return (int) values;
  }

  /** A longer array for at least so many values; twice as long if that is possible. */
  private static int grown(int length, int least) {
    return (int) Math.max(least, Math.min(2L * length, MOST_VALUES));
  }

  private void addBytes(byte[] from, int at) {
    int start = byteStart(size);
    int end = byteStart(size + 1);
    if (bytes.length < end) {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, end));
    }
    System.arraycopy(from, at, bytes, start, end - start);
  }

  /** Adds an example. */
  public void add(Example example) {
    addBytes(example.bytes, 0);
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
    addBytes(other.bytes, other.byteStart(example));
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
    int newNumberEnd = inArray((long) numberEnd + numberCount, size + 1);
    int newIndexEnd = inArray((long) indexEnd + indexCount, size + 1);
    if (numbers.length < newNumberEnd) {
      numbers = Arrays.copyOf(numbers, grown(numbers.length, newNumberEnd));
    }
    if (indices.length < newIndexEnd) {
      indices = Arrays.copyOf(indices, grown(indices.length, newIndexEnd));
    }
    System.arraycopy(fromNumbers, number, numbers, numberEnd, numberCount);
    System.arraycopy(fromIndices, index, indices, indexEnd, indexCount);
    if (hasSeries()) {
      if (numberStarts.length < size + 2) {
        numberStarts = Arrays.copyOf(numberStarts, 2 * (size + 2));
        indexStarts = Arrays.copyOf(indexStarts, 2 * (size + 2));
        steps = Arrays.copyOf(steps, numberStarts.length * layout.series());
      }
      numberStarts[size + 1] = newNumberEnd;
      indexStarts[size + 1] = newIndexEnd;
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
    bytes = Arrays.copyOf(bytes, byteStart(size));
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

  /** The indices that an example has in a group, of a series as many as it has steps. */
  public int[] indices(int example, int group) {
    int from = start(example, group);
    int count = layout.series(group) < 0 ? layout.length(group) : steps(example, group);
    return Arrays.copyOfRange(indices, from, from + count);
  }

  /** The weights of {@link #indices(int, int)}, of a group that has some. */
  public float[] weights(int example, int group) {
    int from = weightStart(example, group);
    return Arrays.copyOfRange(numbers, from, from + steps(example, group));
  }

  byte[] byteValues() {
    return bytes;
  }

  /** How many steps an example has in a group that is a series. */
  int steps(int example, int group) {
    return steps[example * layout.series() + layout.series(group)];
  }

  /** Where an example's values of a group begin among all numbers, bytes or indices. */
  int start(int example, int group) {
    if (layout.isBytes(group)) {
      return byteStart(example) + layout.start(group);
    }
    boolean indexed = layout.isIndexed(group);
    int first = indexed ? indexStart(example) : numberStart(example);
    if (layout.series(group) < 0) {
      return first + layout.start(group);
    }
    return indexed
        ? first + layout.indices() + before(example, group, layout::isIndexed)
        : first + layout.numbers() + before(example, group, layout::hasNumbers);
  }

  /** Where the weights of an example's indices begin among all numbers. */
  int weightStart(int example, int group) {
    return numberStart(example) + layout.numbers() + before(example, group, layout::hasNumbers);
  }

  /** How many values of an example stand in the series before one, of those that have some. */
  private int before(int example, int group, IntPredicate counts) {
    int values = 0;
    for (int before = 0; before < group; before++) {
      if (layout.series(before) >= 0 && counts.test(before)) {
        values += steps(example, before) * layout.length(before);
      }
    }
    return values;
  }
}
