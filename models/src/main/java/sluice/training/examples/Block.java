package sluice.training.examples;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some examples of one logical worker, compact: numbers and category indices apart, one example
 * behind the other.
 */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of a full block. */
  static final int SIZE = 4096;

  private final int numbersEach;
  private final int indicesEach;
  private float[] numbers;
  private int[] indices;
  private float[] labels;
  private int size;

  Block(int numbersEach, int indicesEach) {
    this.numbersEach = numbersEach;
    this.indicesEach = indicesEach;
    this.numbers = new float[16 * numbersEach];
    this.indices = new int[16 * indicesEach];
    this.labels = new float[16];
  }

  /** The number of blocks that a worker needs for its examples. */
  static int number(long examples) {
    return Math.toIntExact((examples + SIZE - 1) / SIZE);
  }

  public int size() {
    return size;
  }

  public float[] numbers() {
    return numbers;
  }

  public int[] indices() {
    return indices;
  }

  public float label(int example) {
    return labels[example];
  }

  void add(float[] exampleNumbers, int[] exampleIndices, float label) {
    reserve();
    System.arraycopy(exampleNumbers, 0, numbers, size * numbersEach, numbersEach);
    System.arraycopy(exampleIndices, 0, indices, size * indicesEach, indicesEach);
    labels[size++] = label;
  }

  void add(Block other, int example) {
    reserve();
    System.arraycopy(
        other.numbers, example * numbersEach, numbers, size * numbersEach, numbersEach);
    System.arraycopy(
        other.indices, example * indicesEach, indices, size * indicesEach, indicesEach);
    labels[size++] = other.labels[example];
  }

  /** Gives back what was reserved and not used. */
  void trim() {
    numbers = Arrays.copyOf(numbers, size * numbersEach);
    indices = Arrays.copyOf(indices, size * indicesEach);
    labels = Arrays.copyOf(labels, size);
  }

  private void reserve() {
    if (size == labels.length) {
      int room = Math.min(SIZE, 2 * size);
      numbers = Arrays.copyOf(numbers, room * numbersEach);
      indices = Arrays.copyOf(indices, room * indicesEach);
      labels = Arrays.copyOf(labels, room);
    }
  }
}
