package sluice.training.examples;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Some examples of one logical worker, compact: numbers, category indices and labels apart, one
 * example behind the other.
 */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of a full block. */
  static final int SIZE = 4096;

  private final int numbersEach;
  private final int indicesEach;
  private final int labelsEach;
  private float[] numbers;
  private int[] indices;
  private float[] labels;
  private int size;

  /** For so many examples the arrays have places. */
  private int room = 16;

  Block(int numbersEach, int indicesEach, int labelsEach) {
    this.numbersEach = numbersEach;
    this.indicesEach = indicesEach;
    this.labelsEach = labelsEach;
    this.numbers = new float[room * numbersEach];
    this.indices = new int[room * indicesEach];
    this.labels = new float[room * labelsEach];
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

  /** The labels, of each example one a target; NaN where one is missing. */
  public float[] labels() {
    return labels;
  }

  /** The labels of one example; a copy. */
  public float[] labels(int example) {
    return Arrays.copyOfRange(labels, example * labelsEach, (example + 1) * labelsEach);
  }

  /** One of an example's labels. */
  public float label(int example, int target) {
    return labels[example * labelsEach + target];
  }

  void add(float[] exampleNumbers, int[] exampleIndices, float[] exampleLabels) {
    reserve();
    System.arraycopy(exampleNumbers, 0, numbers, size * numbersEach, numbersEach);
    System.arraycopy(exampleIndices, 0, indices, size * indicesEach, indicesEach);
    System.arraycopy(exampleLabels, 0, labels, size * labelsEach, labelsEach);
    size++;
  }

  void add(Block other, int example) {
    reserve();
    System.arraycopy(
        other.numbers, example * numbersEach, numbers, size * numbersEach, numbersEach);
    System.arraycopy(
        other.indices, example * indicesEach, indices, size * indicesEach, indicesEach);
    System.arraycopy(other.labels, example * labelsEach, labels, size * labelsEach, labelsEach);
    size++;
  }

  /** Gives back what was reserved and not used. */
  void trim() {
    numbers = Arrays.copyOf(numbers, size * numbersEach);
    indices = Arrays.copyOf(indices, size * indicesEach);
    labels = Arrays.copyOf(labels, size * labelsEach);
    room = size;
  }

  private void reserve() {
    if (size == room) {
      room = Math.min(SIZE, 2 * size);
      numbers = Arrays.copyOf(numbers, room * numbersEach);
      indices = Arrays.copyOf(indices, room * indicesEach);
      labels = Arrays.copyOf(labels, room * labelsEach);
    }
  }
}
