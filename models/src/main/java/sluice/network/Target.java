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
 *     scale that the label was fitted to; for tags one softmax output a tag at each step; for
 *     multilabel one sigmoid output a name
 * @param outputs the width of the output layer: 1 for binary and regression, the number of classes
 *     for multi-class, of tags for tags, of names for multilabel
 * @param positive for binary the index of the class whose probability the output is, else 0
 * @param steps for tags the steps that have them, else null
 */
@JsonSerialize(converter = Target.Saved.class)
@JsonDeserialize(converter = Target.Read.class)
public record Target(String name, Task task, int outputs, int positive, @Nullable Steps steps)
    implements Serializable {
  /** The name of a label that has none. */
  static final String UNNAMED = "label";

  /**
   * The steps that have tags.
   *
   * @param of the feature group that is the series
   * @param mean how many of them a training example has that has the label: the loss of an example
   *     is the sum over its steps, divided by this, so that every step counts alike
   */
  public record Steps(String of, double mean) implements Serializable {
    public Steps {
      if (!(mean >= 0 && mean < Double.POSITIVE_INFINITY)) {
        throw InvalidInput.data("the mean number of steps must be finite, got " + mean);
      }
    }
  }

  /** In a bundle a task has the name that the format has had since its first version. */
  static final class Saved extends StdConverter<Target, Saved.SavedFields> {
    record SavedFields(
        String name, String task, int outputs, int positive, @Nullable Steps steps) {}

    @Override
    public SavedFields convert(Target target) {
      return new SavedFields(
          target.name, target.task.name(), target.outputs, target.positive, target.steps);
    }
  }

  /** Older bundles have no name. */
  static final class Read extends StdConverter<Read.Fields, Target> {
    record Fields(
        @Nullable String name, Task task, int outputs, int positive, @Nullable Steps steps) {}

    @Override
    public Target convert(Fields read) {
      return new Target(
          read.name == null ? UNNAMED : read.name,
          read.task,
          read.outputs,
          read.positive,
          read.steps);
    }
  }

  public Target {
    int least =
        switch (task) {
          case BINARY, REGRESSION -> 1;
          case MULTICLASS -> 3;
          case TAGS, MULTILABEL -> 2;
        };
    if (outputs < least || (least == 1 && outputs > 1)) {
      throw InvalidInput.data(
          "a %s network must have %s, got %d"
              .formatted(task, least == 1 ? "1 output" : least + " outputs or more", outputs));
    }
    if ((steps != null) != (task == Task.TAGS)) {
      throw InvalidInput.data(
          "a network must have steps to tag for tags, and only then, got %s with the task %s"
              .formatted(steps, task));
    }
    if (positive < 0 || positive > (task == Task.BINARY ? 1 : 0)) {
      throw InvalidInput.data("the positive class must be 0 or 1, got " + positive);
    }
  }

  /** The target of a label without a name. */
  public Target(Task task, int outputs, int positive) {
    this(UNNAMED, task, outputs, positive, null);
  }

  /** The same target of the label with this name. */
  public Target named(String label) {
    return new Target(label, task, outputs, positive, steps);
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

  /** One of so many tags for each step. */
  public static Target tags(int tags, Steps steps) {
    return new Target(UNNAMED, Task.TAGS, tags, 0, steps);
  }

  /** A set of so many names. */
  public static Target names(int names) {
    return new Target(Task.MULTILABEL, names, 0);
  }

  /** The steps that have tags, of a target of tags. */
  Steps tagged() {
    if (steps == null) {
      throw new IllegalStateException("no target of tags: " + this);
    }
    return steps;
  }

  /** Whether it is tags of steps. */
  public boolean isOfSteps() {
    return steps != null;
  }

  /** Whether classes of it may count for more than others, so that rare ones are heard. */
  public boolean isBalanced() {
    return task != Task.REGRESSION && task != Task.MULTILABEL;
  }

  /** The number of classes of the label, of tags or of names; 0 for a number. */
  public int classCount() {
    return switch (task) {
      case BINARY -> 2;
      case MULTICLASS, TAGS, MULTILABEL -> outputs;
      case REGRESSION -> 0;
    };
  }

  /**
   * Writes what the outputs should be, of what is neither tags nor a set.
   *
   * @param label the class index, or the number
   * @param out all zero from {@code offset} to {@code offset + outputs}
   */
  public void write(float label, float[] out, int offset) {
    switch (task) {
      case BINARY -> out[offset] = (int) label == positive ? 1 : 0;
      case MULTICLASS -> out[offset + (int) label] = 1;
      case REGRESSION -> out[offset] = label;
      case TAGS, MULTILABEL -> throw new IllegalStateException("no single label: " + this);
    }
  }

  /**
   * Writes what the outputs of a set should be.
   *
   * @param names the indices of its names
   * @param out all zero from {@code offset} to {@code offset + outputs}
   */
  void write(int[] names, float[] out, int offset) {
    for (int name : names) {
      out[offset + name] = 1;
    }
  }
}
