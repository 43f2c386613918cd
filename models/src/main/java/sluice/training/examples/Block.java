package sluice.training.examples;

import java.io.Serializable;
import java.util.Arrays;
import sluice.network.Example;
import sluice.network.ExampleLayout;
import sluice.network.Examples;

/** Some examples of one logical worker, compact, with their labels. */
public final class Block implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Examples examples;
  private final int labelsEach;
  private float[] labels = {};

  Block(ExampleLayout layout, int labelsEach) {
    this.examples = new Examples(layout);
    this.labelsEach = labelsEach;
  }

  public int size() {
    return examples.size();
  }

  /** The bytes of all values. */
  long bytes() {
    return examples.bytes() + (long) Float.BYTES * labelsEach * size();
  }

  /** The examples without their labels. */
  public Examples examples() {
    return examples;
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

  void add(Example example, float[] exampleLabels) {
    addLabels(exampleLabels, 0);
    examples.add(example);
  }

  void add(Block other, int example) {
    addLabels(other.labels, example * labelsEach);
    examples.add(other.examples, example);
  }

  private void addLabels(float[] from, int at) {
    int end = size() * labelsEach;
    if (labels.length < end + labelsEach) {
      labels = Arrays.copyOf(labels, 2 * (end + labelsEach));
    }
    System.arraycopy(from, at, labels, end, labelsEach);
  }

  /** Forgets all of them. */
  void clear() {
    examples.clear();
  }

  /** Gives back what was reserved and not used. */
  void trim() {
    examples.trim();
    labels = Arrays.copyOf(labels, size() * labelsEach);
  }
}
