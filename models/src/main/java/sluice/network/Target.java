package sluice.network;

import java.io.Serializable;
import sluice.data.InvalidInput;

/**
 * What a network predicts.
 *
 * @param task the kind of prediction
 * @param outputs the width of the output layer: 1 for binary and regression, the number of classes
 *     for multi-class
 * @param positive for binary the index of the class whose probability the output is, else 0
 */
public record Target(Task task, int outputs, int positive) implements Serializable {

  /** The kinds of prediction. */
  public enum Task {
    /** One sigmoid output, the probability of the positive class. */
    BINARY,
    /** One softmax output a class. */
    MULTICLASS,
    /** One number, on the scale that the label was fitted to. */
    REGRESSION
  }

  public Target {
    if (task == Task.MULTICLASS ? outputs < 3 : outputs != 1) {
      throw InvalidInput.data(
          "a %s network must have %s, got %d"
              .formatted(
                  task.name().toLowerCase(java.util.Locale.ROOT),
                  task == Task.MULTICLASS ? "3 outputs or more" : "1 output",
                  outputs));
    }
    if (positive < 0 || positive > (task == Task.BINARY ? 1 : 0)) {
      throw InvalidInput.data("the positive class must be 0 or 1, got " + positive);
    }
  }

  /** Two classes, of which the one with this index is positive. */
  public static Target binary(int positive) {
    return new Target(Task.BINARY, 1, positive);
  }

  /** Three classes or more. */
  public static Target classes(int classes) {
    return new Target(Task.MULTICLASS, classes, 0);
  }

  /** A number. */
  public static Target number() {
    return new Target(Task.REGRESSION, 1, 0);
  }

  /** The number of classes of the label; 0 for a number. */
  public int classCount() {
    return switch (task) {
      case BINARY -> 2;
      case MULTICLASS -> outputs;
      case REGRESSION -> 0;
    };
  }

  /**
   * Writes what the outputs should be.
   *
   * @param label the class index, or the number
   * @param out all zero from {@code offset} to {@code offset + outputs}
   */
  public void write(float label, float[] out, int offset) {
    switch (task) {
      case BINARY -> out[offset] = (int) label == positive ? 1 : 0;
      case MULTICLASS -> out[offset + (int) label] = 1;
      case REGRESSION -> out[offset] = label;
    }
  }
}
