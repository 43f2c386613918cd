package sluice.evaluation.metric;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;

/**
 * What is predicted.
 *
 * @param column the raw column
 * @param classes the classes by index; empty for a number
 * @param positive the class that precision, recall, F1 and the curves of a binary task are about;
 *     null for more than two classes and for a number
 */
public record Label(String column, List<String> classes, @Nullable String positive)
    implements Serializable {
  public Label {
    classes = List.copyOf(classes);
    if (classes.size() == 1) {
      throw new IllegalArgumentException("label " + column + " needs two classes, got " + classes);
    }
    if (classes.size() == 2 ? positive == null || !classes.contains(positive) : positive != null) {
      throw new IllegalArgumentException(
          "label %s: the positive class must be one of two classes, got %s of %s"
              .formatted(column, positive, classes));
    }
  }

  /** A number to predict. */
  public static Label number(String column) {
    return new Label(column, List.of(), null);
  }

  /** Two classes. */
  public static Label binary(String column, List<String> classes, String positive) {
    return new Label(column, classes, positive);
  }

  /** Three or more classes. */
  public static Label multiclass(String column, List<String> classes) {
    return new Label(column, classes, null);
  }

  public Task task() {
    return switch (classes.size()) {
      case 0 -> Task.REGRESSION;
      case 2 -> Task.BINARY;
      default -> Task.MULTICLASS;
    };
  }

  /** How many outputs a prediction has: one a class, or one number. */
  public int outputs() {
    return Math.max(1, classes.size());
  }

  /** The index of the positive class of two, or -1. */
  public int positiveIndex() {
    return positive == null ? -1 : classes.indexOf(positive);
  }
}
