package sluice.normalise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.data.SpanScheme;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.text.WhiteSpaceTokeniser;

/**
 * A tag to be predicted for each token of a text, one of those that the train rows have. The label
 * is a text of tags that white space parts.
 *
 * @param column the label's column, of strings
 * @param tags the tags by index: at least two, by code point
 * @param counts how many tokens of the train rows have each
 * @param rows how many train rows have the label
 * @param of the feature group whose tokens have the tags
 * @param spans how the tags tell spans
 */
public record TagsLabel(
    String column, List<String> tags, List<Long> counts, long rows, String of, SpanScheme spans)
    implements FittedLabel {
  private static final long serialVersionUID = 1L;

  public TagsLabel {
    tags = List.copyOf(tags);
    counts = List.copyOf(counts);
    if (tags.size() < 2 || tags.size() != counts.size() || rows < 1) {
      throw InvalidInput.data(
          "label %s: must have at least two tags, a count each, and a row, got %s, %s and %s"
              .formatted(column, tags.size(), counts.size(), rows));
    }
    List<String> others =
        spans == SpanScheme.NONE
            ? List.of()
            : tags.stream().filter(tag -> spans.part(tag).isEmpty()).toList();
    if (!others.isEmpty()) {
      throw InvalidInput.data(
          "label %s: must have tags of the scheme %s, as normalise.label.spans says, got %s"
              .formatted(column, spans.text(), String.join(", ", others)));
    }
  }

  @Override
  public FieldType columnType() {
    return FieldType.STRING;
  }

  /** The mean number of tokens of a train row that has the label. */
  public double meanLength() {
    return (double) counts.stream().mapToLong(Long::longValue).sum() / rows;
  }

  /** The indices of the tags, or null if the label is missing or no train row has one of them. */
  @Override
  public int @Nullable [] value(@Nullable Object raw) {
    if (!(raw instanceof String text)) {
      return null;
    }
    int[] indices = WhiteSpaceTokeniser.tokens(text).stream().mapToInt(this::index).toArray();
    for (int index : indices) {
      if (index < 0) {
        return null;
      }
    }
    return indices;
  }

  /** The tags of a raw label that no train row has, as often as it has them. */
  List<String> unknown(@Nullable Object raw) {
    List<String> unknown = new ArrayList<>();
    if (raw instanceof String text) {
      WhiteSpaceTokeniser.tokens(text).stream().filter(tag -> index(tag) < 0).forEach(unknown::add);
    }
    return unknown;
  }

  private int index(String tag) {
    return Collections.binarySearch(tags, tag, CodePointOrder.INSTANCE);
  }

  @Override
  public Optional<TensorSpec> tensor() {
    return Optional.of(
        TensorSpec.of(
            column,
            Element.INDEX,
            List.of(Axis.VARYING),
            List.of(),
            List.of(tags.size()),
            List.of(tags)));
  }
}
