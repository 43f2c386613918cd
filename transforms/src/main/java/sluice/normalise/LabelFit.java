package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.statistics.Moments;

/** The label on the train rows; one scan. */
final class LabelFit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String column;
  private final FieldType columnType;
  private final LabelType type;
  private final LabelScale scale;
  private final @Nullable String positive;

  private final HashMap<String, Long> classes = new HashMap<>();
  private boolean tooMany;
  private final Moments moments = new Moments();
  private long missing;

  LabelFit(LabelSettings settings, FieldType columnType) {
    column = Objects.requireNonNull(settings.column());
    type = settings.type();
    scale = settings.scale();
    positive = settings.positive();
    this.columnType = columnType;
  }

  String column() {
    return column;
  }

  void add(@Nullable Object raw) {
    switch (type) {
      case CLASS -> {
        String name = ClassLabel.name(raw);
        if (name == null) {
          missing++;
        } else {
          count(name, 1);
        }
      }
      case NUMBER -> {
        Object number = RawValues.value(Kind.NUMBER, raw);
        if (number == null) {
          missing++;
        } else {
          moments.add((Double) number);
        }
      }
      case TEXT -> missing += raw == null ? 1 : 0;
      case NONE -> throw new IllegalStateException("no label to fit");
    }
  }

  void merge(LabelFit other) {
    tooMany |= other.tooMany;
    other.classes.forEach(this::count);
    moments.merge(other.moments);
    missing += other.missing;
  }

  private void count(String name, long times) {
    if (!tooMany) {
      classes.merge(name, times, Long::sum);
      tooMany = classes.size() > ClassLabel.MAX_CLASSES;
    }
    if (tooMany) {
      classes.clear();
    }
  }

  /**
   * What was learned.
   *
   * @throws InvalidInput (data) if rows have no label, or classes are too few or too many
   */
  FittedLabel finish(long rows) {
    if (missing > 0) {
      throw InvalidInput.data(
          "label %s: must be there on every train row, and is missing%s on %d of %d; add a reject-missing rule for it"
              .formatted(
                  column,
                  columnType == FieldType.FLOAT || columnType == FieldType.DOUBLE
                      ? " or not finite"
                      : "",
                  missing,
                  rows));
    }
    return switch (type) {
      case CLASS -> classLabel();
      case NUMBER -> numberLabel();
      case TEXT -> new TextLabel(column);
      case NONE -> throw new IllegalStateException("no label to fit");
    };
  }

  private NumberLabel numberLabel() {
    if (scale == LabelScale.NONE) {
      return new NumberLabel(column, columnType, 0, 1);
    }
    double std = moments.std();
    return new NumberLabel(column, columnType, moments.mean(), std > 0 ? std : 1);
  }

  private ClassLabel classLabel() {
    if (tooMany) {
      throw InvalidInput.data(
          "label %s: must have at most %,d classes, and the train rows have more; is it a number?"
              .formatted(column, ClassLabel.MAX_CLASSES));
    }
    List<Map.Entry<String, Long>> sorted = new ArrayList<>(classes.entrySet());
    sorted.sort(Map.Entry.comparingByKey(ClassLabel.order(columnType)));
    List<String> names = sorted.stream().map(Map.Entry::getKey).toList();
    List<Long> counts = sorted.stream().map(Map.Entry::getValue).toList();
    if (names.size() == 1) {
      throw InvalidInput.data(
          "label %s: must have at least two classes, and all %s train rows have %s"
              .formatted(column, counts.get(0), names.get(0)));
    }
    if (positive != null && !names.contains(positive)) {
      throw InvalidInput.data(
          "normalise.label.positive must be a class of label %s, got %s; there are %s"
              .formatted(column, positive, shown(names)));
    }
    if (positive != null && names.size() > 2) {
      throw InvalidInput.data(
          "normalise.label.positive is for two classes, and label %s has %s: %s"
              .formatted(column, names.size(), shown(names)));
    }
    String rarer = counts.get(0) < counts.get(1) ? names.get(0) : names.get(1);
    return new ClassLabel(
        column,
        columnType,
        names,
        counts,
        names.size() > 2 ? null : positive == null ? rarer : positive);
  }

  private static String shown(List<String> names) {
    int most = 20;
    String first = String.join(", ", names.subList(0, Math.min(most, names.size())));
    return names.size() <= most ? first : first + " and %s more".formatted(names.size() - most);
  }
}
