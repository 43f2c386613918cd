package sluice.normalise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.data.SpanScheme;

/**
 * Which column is to be predicted, and how.
 *
 * @param column the label's column; none with {@link LabelType#NONE}, and only then
 * @param type what the label is
 * @param positive with {@link LabelType#CLASS} and two classes, the one whose precision and recall
 *     are reported; by default the rarer, at a tie the later
 * @param scale with {@link LabelType#NUMBER}, how the network sees it; {@code auto} by default
 * @param of with {@link LabelType#TAGS}, the feature group whose tokens have the tags; by default
 *     the only one of {@code tokens} or {@code characters}
 * @param spans with {@link LabelType#TAGS}, how tags tell spans of tokens; none by default
 * @param separator with {@link LabelType#SET}, what stands between names; {@value
 *     #DEFAULT_SEPARATOR} by default
 * @param minCount with {@link LabelType#SET}, the train rows that a name needs to be learnt; 1 by
 *     default
 */
public record LabelSettings(
    @Nullable String column,
    LabelType type,
    @Nullable String positive,
    LabelScale scale,
    @Nullable String of,
    SpanScheme spans,
    String separator,
    int minCount) {
  private static final String DEFAULT_SEPARATOR = ",";

  public LabelSettings {
    List<String> problems = new ArrayList<>();
    if (column == null && type != LabelType.NONE) {
      problems.add("column is needed with type = %s, got none".formatted(type.text()));
    }
    if (column != null && type == LabelType.NONE) {
      problems.add("column must not be set with type = none, got " + column);
    }
    if (positive != null && type != LabelType.CLASS) {
      problems.add(
          "positive is for type = class only, got %s with %s".formatted(positive, type.text()));
    }
    if (scale == LabelScale.STANDARDISE && type != LabelType.NUMBER) {
      problems.add("scale is for type = number only, got standardise with " + type.text());
    }
    if (of != null && type != LabelType.TAGS) {
      problems.add("of is for type = tags only, got %s with %s".formatted(of, type.text()));
    }
    if (spans != SpanScheme.NONE && type != LabelType.TAGS) {
      problems.add(
          "spans is for type = tags only, got %s with %s".formatted(spans.text(), type.text()));
    }
    if (separator.isEmpty()) {
      problems.add("separator must have a character, got none");
    }
    if (!separator.equals(DEFAULT_SEPARATOR) && type != LabelType.SET) {
      problems.add(
          "separator is for type = set only, got \"%s\" with %s".formatted(separator, type.text()));
    }
    if (minCount < 1) {
      problems.add("min-count must be at least 1, got " + minCount);
    }
    if (minCount > 1 && type != LabelType.SET) {
      problems.add(
          "min-count is for type = set only, got %s with %s".formatted(minCount, type.text()));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }

  /** A label that is neither tags nor a set. */
  public LabelSettings(
      @Nullable String column, LabelType type, @Nullable String positive, LabelScale scale) {
    this(column, type, positive, scale, null, SpanScheme.NONE, DEFAULT_SEPARATOR, 1);
  }

  /** No label. */
  public static LabelSettings none() {
    return new LabelSettings(null, LabelType.NONE, null, LabelScale.AUTO);
  }

  /** A class label with the default positive class. */
  public static LabelSettings ofClass(String column) {
    return new LabelSettings(column, LabelType.CLASS, null, LabelScale.AUTO);
  }

  /** A tag for each token of the only series. */
  public static LabelSettings ofTags(String column, SpanScheme spans) {
    return new LabelSettings(
        column, LabelType.TAGS, null, LabelScale.AUTO, null, spans, DEFAULT_SEPARATOR, 1);
  }

  /** A set of names that this stands between. */
  public static LabelSettings ofSet(String column, String separator, int minCount) {
    return new LabelSettings(
        column, LabelType.SET, null, LabelScale.AUTO, null, SpanScheme.NONE, separator, minCount);
  }

  /** A number label, standardised. */
  public static LabelSettings ofNumber(String column) {
    return new LabelSettings(column, LabelType.NUMBER, null, LabelScale.AUTO);
  }
}
