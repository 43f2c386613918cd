package sluice.evaluation.metric;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.SpanScheme;
import sluice.data.Task;

/**
 * What is predicted.
 *
 * @param column the raw column
 * @param classes the classes by index; empty for a number
 * @param positive the class that precision, recall, F1 and the curves of a binary task are about;
 *     null for more than two classes and for a number
 * @param tagging of tags, which {@code classes} then are, what they are about; else null
 * @param separator of a set, whose names {@code classes} then are, what stands between them in the
 *     column; else null
 */
public record Label(
    String column,
    List<String> classes,
    @Nullable String positive,
    @Nullable Tagging tagging,
    @Nullable String separator)
    implements Serializable {

  /**
   * What tags are about.
   *
   * @param of the feature group whose steps have them
   * @param spans how they tell spans
   */
  public record Tagging(String of, SpanScheme spans) implements Serializable {}

  public Label {
    classes = List.copyOf(classes);
    if (classes.size() == 1) {
      throw new IllegalArgumentException("label " + column + " needs two classes, got " + classes);
    }
    boolean ofOneEach = tagging == null && separator == null;
    if (!ofOneEach && (classes.isEmpty() || positive != null)) {
      throw new IllegalArgumentException(
          "label %s: tags and names must be at least two, without a positive one, got %s and %s"
              .formatted(column, classes, positive));
    }
    if (tagging != null && separator != null) {
      throw new IllegalArgumentException("label %s: must be tags or a set".formatted(column));
    }
    if ((ofOneEach && classes.size() == 2)
        ? positive == null || !classes.contains(positive)
        : positive != null) {
      throw new IllegalArgumentException(
          "label %s: the positive class must be one of two classes, got %s of %s"
              .formatted(column, positive, classes));
    }
  }

  /** A class or a number to predict. */
  public Label(String column, List<String> classes, @Nullable String positive) {
    this(column, classes, positive, null, null);
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

  /** A tag for each token. */
  public static Label tags(String column, List<String> tags, Tagging tagging) {
    return new Label(column, tags, null, tagging, null);
  }

  /** A set of names. */
  public static Label set(String column, List<String> names, String separator) {
    return new Label(column, names, null, null, separator);
  }

  public Task task() {
    if (tagging != null) {
      return Task.TAGS;
    }
    if (separator != null) {
      return Task.MULTILABEL;
    }
    return switch (classes.size()) {
      case 0 -> Task.REGRESSION;
      case 2 -> Task.BINARY;
      default -> Task.MULTICLASS;
    };
  }

  /**
   * How many outputs a prediction has: one a class or name, or one number; of tags one a tag and
   * token.
   */
  public int outputs() {
    return Math.max(1, classes.size());
  }

  /** How many classes there are to decide between; 0 of what is no class. */
  public int decidable() {
    return task().isOfClasses() ? classes.size() : 0;
  }

  /** The index of the positive class of two, or -1. */
  public int positiveIndex() {
    return positive == null ? -1 : classes.indexOf(positive);
  }
}
