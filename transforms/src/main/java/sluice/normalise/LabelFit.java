package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sluice.data.Excerpt;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.SpanScheme;
import sluice.statistics.Moments;
import sluice.text.WhiteSpaceTokeniser;

/** The label on the train rows; one scan. */
final class LabelFit implements Serializable {
  private static final long serialVersionUID = 1L;

  /** As many names are shown. */
  private static final int SHOWN = 20;

  private final String column;
  private final FieldType columnType;
  private final LabelType type;
  private final LabelScale scale;
  private final @Nullable String positive;
  private final @Nullable String of;
  private final SpanScheme spans;
  private final String separator;
  private final int minCount;

  /** Names that are counted: some 100 MB. */
  private static final int MOST_NAMES = 1_000_000;

  private final HashMap<String, Long> classes = new HashMap<>();
  private boolean tooMany;
  private long labelled;
  private final Moments moments = new Moments();

  /**
   * @param of of tags, the feature group whose tokens have them; null of another label
   */
  LabelFit(LabelSettings settings, FieldType columnType, @Nullable String of) {
    column = Objects.requireNonNull(settings.column());
    type = settings.type();
    scale = settings.scale();
    positive = settings.positive();
    spans = settings.spans();
    separator = settings.separator();
    minCount = settings.minCount();
    this.of = of;
    this.columnType = columnType;
  }

  String column() {
    return column;
  }

  /** Looks at a row's label; false if it is missing. */
  boolean add(@Nullable Object raw) {
    switch (type) {
      case CLASS -> {
        String name = ClassLabel.name(raw);
        if (name != null) {
          count(name, 1);
        }
        return name != null;
      }
      case NUMBER -> {
        Object number = RawValues.value(Kind.NUMBER, raw);
        if (number != null) {
          moments.add((Double) number);
        }
        return number != null;
      }
      case TAGS -> {
        if (raw instanceof String text) {
          labelled++;
          WhiteSpaceTokeniser.tokens(text).forEach(tag -> count(tag, 1));
        }
        return raw != null;
      }
      case SET -> {
        if (raw instanceof String text) {
          labelled++;
          SetLabel.names(text, separator).forEach(name -> count(name, 1));
        }
        return raw != null;
      }
      case TEXT -> {
        return raw != null;
      }
      case NONE -> throw new IllegalStateException("no label to fit");
    }
    throw new IllegalStateException(type.text());
  }

  void merge(LabelFit other) {
    tooMany |= other.tooMany;
    labelled += other.labelled;
    other.classes.forEach(this::count);
    moments.merge(other.moments);
  }

  private void count(String name, long times) {
    if (!tooMany) {
      classes.merge(name, times, Long::sum);
      tooMany = classes.size() > most();
    }
    if (tooMany) {
      classes.clear();
    }
  }

  /** Of names of sets those that few rows have are left out at the end. */
  private int most() {
    return type == LabelType.SET ? MOST_NAMES : ClassLabel.MAX_CLASSES;
  }

  /**
   * What was learned.
   *
   * @throws InvalidInput (data) if no row has the label, or classes are too few or too many
   */
  FittedLabel finish(long rows) {
    return switch (type) {
      case CLASS -> classLabel(rows);
      case NUMBER -> numberLabel();
      case TAGS -> tagsLabel();
      case SET -> setLabel();
      case TEXT -> new TextLabel(column);
      case NONE -> throw new IllegalStateException("no label to fit");
    };
  }

  private InvalidInput none() {
    return InvalidInput.data(
        "label %s: must be there on some train rows, and is on none".formatted(column));
  }

  private NumberLabel numberLabel() {
    if (moments.count() == 0) {
      throw none();
    }
    if (scale == LabelScale.NONE) {
      return new NumberLabel(column, columnType, 0, 1);
    }
    double std = moments.std();
    return new NumberLabel(column, columnType, moments.mean(), std > 0 ? std : 1);
  }

  /** The classes, tags or names in their order, with their counts. */
  private List<Map.Entry<String, Long>> sorted(String what, String hint) {
    if (tooMany) {
      throw InvalidInput.data(
          "label %s: must have at most %,d %s, and the train rows have more; %s"
              .formatted(column, most(), what, hint));
    }
    List<Map.Entry<String, Long>> sorted = new ArrayList<>(classes.entrySet());
    sorted.sort(Map.Entry.comparingByKey(ClassLabel.order(columnType)));
    return sorted;
  }

  private TagsLabel tagsLabel() {
    List<Map.Entry<String, Long>> sorted = sorted("tags", "are they the tokens?");
    if (labelled == 0) {
      throw none();
    }
    if (sorted.size() < 2) {
      throw InvalidInput.data(
          "label %s: must have at least two tags, and the tokens of all %s train rows have %s"
              .formatted(column, labelled, sorted.isEmpty() ? "none" : sorted.get(0).getKey()));
    }
    return new TagsLabel(
        column,
        sorted.stream().map(Map.Entry::getKey).toList(),
        sorted.stream().map(Map.Entry::getValue).toList(),
        labelled,
        Objects.requireNonNull(of),
        spans);
  }

  private SetLabel setLabel() {
    List<Map.Entry<String, Long>> sorted =
        sorted("names", "is " + Excerpt.quoted(separator) + " what stands between them?");
    if (labelled == 0) {
      throw none();
    }
    List<Map.Entry<String, Long>> learnt =
        sorted.stream().filter(name -> name.getValue() >= minCount).toList();
    if (learnt.size() > ClassLabel.MAX_CLASSES) {
      throw InvalidInput.data(
          "label %s: must have at most %s names that %s or more train rows have (normalise.label.min-count), and has %s"
              .formatted(column, ClassLabel.MAX_CLASSES, minCount, learnt.size()));
    }
    if (learnt.size() < 2) {
      throw InvalidInput.data(
          "label %s: must have at least two names that %s or more train rows have (normalise.label.min-count), and of the %s of the %s train rows that have a set there are %s; is %s what stands between names?"
              .formatted(
                  column,
                  minCount,
                  sorted.size(),
                  labelled,
                  learnt.size(),
                  Excerpt.quoted(separator)));
    }
    return new SetLabel(
        column,
        learnt.stream().map(Map.Entry::getKey).toList(),
        learnt.stream().map(Map.Entry::getValue).toList(),
        labelled,
        separator);
  }

  private ClassLabel classLabel(long rows) {
    List<Map.Entry<String, Long>> sorted = sorted("classes", "is it a number?");
    List<String> names = sorted.stream().map(Map.Entry::getKey).toList();
    List<Long> counts = sorted.stream().map(Map.Entry::getValue).toList();
    if (names.isEmpty()) {
      throw none();
    }
    if (names.size() == 1) {
      throw InvalidInput.data(
          "label %s: must have at least two classes, and all %s train rows%s have %s"
              .formatted(
                  column,
                  counts.get(0),
                  counts.get(0) == rows ? "" : " that have one",
                  names.get(0)));
    }
    if (positive != null && !names.contains(positive)) {
      throw InvalidInput.data(
          "normalise.label.positive must be a class of label %s, got %s; there are %s"
              .formatted(column, positive, Excerpt.list(names, SHOWN)));
    }
    if (positive != null && names.size() > 2) {
      throw InvalidInput.data(
          "normalise.label.positive is for two classes, and label %s has %s: %s"
              .formatted(column, names.size(), Excerpt.list(names, SHOWN)));
    }
    String rarer = counts.get(0) < counts.get(1) ? names.get(0) : names.get(1);
    return new ClassLabel(
        column,
        columnType,
        names,
        counts,
        names.size() > 2 ? null : positive == null ? rarer : positive);
  }
}
