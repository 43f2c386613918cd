package sluice.network;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.Task;

/**
 * What a network predicts.
 *
 * @param name of the label; {@value #UNNAMED} where there is one and nobody named it
 * @param task the kind of prediction: for binary one sigmoid output, the probability of the
 *     positive class; for multi-class one softmax output a class; for regression one number, on the
 *     scale that the label was fitted to
 * @param outputs the width of the output layer: 1 for binary and regression, the number of classes
 *     for multi-class
 * @param positive for binary the index of the class whose probability the output is, else 0
 */
@JsonSerialize(converter = Target.Saved.class)
@JsonDeserialize(converter = Target.Read.class)
public record Target(String name, Task task, int outputs, int positive) implements Serializable {
  /** The name of a label that has none. */
  static final String UNNAMED = "label";

  /** In a bundle a task has the name that the format has had since its first version. */
  static final class Saved extends StdConverter<Target, Saved.SavedFields> {
    record SavedFields(String name, String task, int outputs, int positive) {}

    @Override
    public SavedFields convert(Target target) {
      return new SavedFields(target.name, target.task.name(), target.outputs, target.positive);
    }
  }

  /** Older bundles have no name. */
  static final class Read extends StdConverter<Read.Fields, Target> {
    record Fields(@Nullable String name, Task task, int outputs, int positive) {}

    @Override
    public Target convert(Fields read) {
      return new Target(
          read.name == null ? UNNAMED : read.name, read.task, read.outputs, read.positive);
    }
  }

  public Target {
    if (task == Task.MULTICLASS ? outputs < 3 : outputs != 1) {
      throw InvalidInput.data(
          "a %s network must have %s, got %d"
              .formatted(
                  task, task == Task.MULTICLASS ? "3 outputs or more" : "1 output", outputs));
    }
    if (positive < 0 || positive > (task == Task.BINARY ? 1 : 0)) {
      throw InvalidInput.data("the positive class must be 0 or 1, got " + positive);
    }
  }

  /** The target of a label without a name. */
  public Target(Task task, int outputs, int positive) {
    this(UNNAMED, task, outputs, positive);
  }

  /** The same target of the label with this name. */
  public Target named(String label) {
    return new Target(label, task, outputs, positive);
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
