package sluice.normalise;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;
import sluice.data.FieldType;
import sluice.data.InvalidInput;

/**
 * A raw column and the fitted steps that its values go through.
 *
 * @param column the raw column
 * @param type its type
 * @param entry the kind in which its values enter the first step
 * @param steps the fitted steps in order
 */
public record FittedColumn(String column, FieldType type, Kind entry, List<FittedStep> steps)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public FittedColumn {
    steps = List.copyOf(steps);
    if (!RawValues.kinds(type).contains(entry)) {
      throw InvalidInput.data(
          "column %s: %s cannot enter as %s".formatted(column, type.ddl(), entry.text()));
    }
  }

  /** The types of its steps, as they are saved. */
  public List<String> stepTypes() {
    return steps.stream().map(Steps.FITTED::name).toList();
  }

  /** The kind of the values that come out. */
  Kind gives() {
    return steps.isEmpty() ? entry : steps.get(steps.size() - 1).gives();
  }

  /** What each position of the values stands for. */
  List<String> names() {
    List<String> names = List.of(column);
    for (FittedStep step : steps) {
      names = step.names(names);
    }
    return names;
  }

  /** The shape of the values: {@code [n]}, {@code [-1]} of a series, or that of a picture. */
  List<Integer> shape() {
    List<Integer> shape = List.of(1);
    for (FittedStep step : steps) {
      shape = step.shape(shape);
    }
    return shape;
  }

  /** Whether what comes out is a series. */
  boolean isSeries() {
    return gives().isSeries();
  }

  /** How many values there are; of a series, how many a step has. */
  long size() {
    return shape().stream().mapToLong(Math::abs).reduce(1, (a, b) -> a * b);
  }

  /** What comes out of a raw value; null if it is missing. */
  @Nullable Object value(@Nullable Object raw) {
    return after(RawValues.value(entry, raw));
  }

  /** What comes out of several raw values, in their order; null of one that is missing. */
  @Nullable Object[] values(@Nullable Object[] raw) {
    @Nullable Object[] values = new @Nullable Object[raw.length];
    for (int i = 0; i < raw.length; i++) {
      values[i] = RawValues.value(entry, raw[i]);
    }
    for (FittedStep step : steps) {
      values = step.values(values);
    }
    return values;
  }

  /**
   * The column without total steps at its end: it gives something of the same raw values that this
   * gives a feature of.
   */
  FittedColumn deciding() {
    int count = steps.size();
    while (count > 0 && steps.get(count - 1).total()) {
      count--;
    }
    return new FittedColumn(column, type, entry, steps.subList(0, count));
  }

  /** Whether {@link #values} is to be asked, where there are many. */
  boolean inBatches() {
    return steps.stream().anyMatch(FittedStep::inBatches);
  }

  /** What comes out of a value that has entered. */
  @Nullable Object after(@Nullable Object entered) {
    Object value = entered;
    for (FittedStep step : steps) {
      value = step.value(value);
    }
    return value;
  }

  /** Whether what comes out is a feature: there, and within the range of a float. */
  static boolean usable(@Nullable Object value) {
    if (value instanceof Double number) {
      return Float.isFinite(number.floatValue());
    }
    if (value instanceof double[] numbers) {
      for (double number : numbers) {
        if (!Float.isFinite((float) number)) {
          return false;
        }
      }
    }
    return value != null;
  }

  /** Why a raw value gives no feature; null if it gives one. */
  @Nullable String rejection(@Nullable Object raw) {
    Object value = RawValues.value(entry, raw);
    String missing = raw == null ? "is missing" : "is " + raw + ", which counts as missing,";
    String reason = value == null ? column + " " + missing + " and has no impute step" : null;
    for (FittedStep step : steps) {
      Object next = step.value(value);
      if (next != null) {
        reason = null;
      } else if (value != null) {
        reason =
            "%s is %s at %s: %s"
                .formatted(column, shown(value), Steps.FITTED.name(step), step.refusal(value));
      }
      value = next;
    }
    if (value != null && !usable(value)) {
      return "%s comes out as %s, more than a 32-bit float holds".formatted(column, shown(value));
    }
    return reason;
  }

  private static String shown(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    if (value instanceof int[] indices) {
      return indices.length + " indices";
    }
    if (value instanceof WeightedIndices weighted) {
      return weighted.indices().length + " weighted indices";
    }
    return Excerpt.of(
        value instanceof double[] numbers ? Arrays.toString(numbers) : value.toString());
  }
}
