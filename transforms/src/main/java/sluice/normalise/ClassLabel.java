package sluice.normalise;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;

/**
 * A class to be predicted, one of those that the train rows have. A class is named by its value in
 * text: a whole number without a fraction, as in {@code 1} for 1.0.
 *
 * @param column the label's column
 * @param columnType its type
 * @param classes the classes by index: at least two, numbers in their order, text by code point
 * @param counts how many train rows each class has
 * @param positive with two classes, the one whose precision and recall are reported; else null
 */
public record ClassLabel(
    String column,
    FieldType columnType,
    List<String> classes,
    List<Long> counts,
    @Nullable String positive)
    implements FittedLabel {
  private static final long serialVersionUID = 1L;

  /** How many classes there may be. */
  public static final int MAX_CLASSES = 10_000;

  /** Beyond this a whole double is written as Java does. */
  private static final double WHOLE = 0x1p53;

  public ClassLabel {
    classes = List.copyOf(classes);
    counts = List.copyOf(counts);
    if (classes.size() < 2 || classes.size() != counts.size()) {
      throw InvalidInput.data(
          "label %s: must have at least two classes and a count each, got %s and %s"
              .formatted(column, classes.size(), counts.size()));
    }
    if ((positive != null) != (classes.size() == 2)
        || (positive != null && !classes.contains(positive))) {
      throw InvalidInput.data(
          "label %s: positive must be one of two classes, got %s of %s"
              .formatted(column, positive, classes));
    }
  }

  /** The name of a raw value's class; null if it is missing: a number that is not finite, too. */
  public static @Nullable String name(@Nullable Object raw) {
    if (raw instanceof Double || raw instanceof Float) {
      double number = ((Number) raw).doubleValue();
      if (!Double.isFinite(number)) {
        return null;
      }
      if (number == Math.rint(number) && Math.abs(number) <= WHOLE) {
        return Long.toString((long) number);
      }
    }
    return raw == null ? null : raw.toString();
  }

  /** The order of classes. */
  static Comparator<String> order(FieldType type) {
    return type.isNumber() ? Comparator.comparing(BigDecimal::new) : CodePointOrder.INSTANCE;
  }

  /** A class's index, or null if the class is missing or no train row has it. */
  @Override
  public @Nullable Integer value(@Nullable Object raw) {
    String name = name(raw);
    if (name == null) {
      return null;
    }
    int index = Collections.binarySearch(classes, name, order(columnType));
    return index < 0 ? null : index;
  }

  @Override
  public Optional<TensorSpec> tensor() {
    return Optional.of(
        TensorSpec.of(
            column,
            Element.INDEX,
            List.of(1),
            List.of(column),
            List.of(classes.size()),
            List.of(classes)));
  }
}
