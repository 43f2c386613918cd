package sluice.normalise;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sluice.data.FieldType;
import sluice.data.InvalidInput;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;

/**
 * A set of names to be predicted: any of those that enough train rows have, or none of them. The
 * label is a text of names with a separator between them. A text without a name is the empty set;
 * only null is a missing label.
 *
 * @param column the label's column, of strings
 * @param names the names by index: at least two, by code point
 * @param counts how many train rows have each
 * @param rows how many train rows have the label
 * @param separator what stands between names
 */
public record SetLabel(
    String column, List<String> names, List<Long> counts, long rows, String separator)
    implements FittedLabel {
  private static final long serialVersionUID = 1L;

  public SetLabel {
    names = List.copyOf(names);
    counts = List.copyOf(counts);
    if (names.size() < 2 || names.size() != counts.size() || rows < 1) {
      throw InvalidInput.data(
          "label %s: must have at least two names, a count each, and a row, got %s, %s and %s"
              .formatted(column, names.size(), counts.size(), rows));
    }
    for (int i = 1; i < names.size(); i++) {
      if (CodePointOrder.INSTANCE.compare(names.get(i - 1), names.get(i)) >= 0) {
        throw InvalidInput.data(
            "label %s: names must be by code point and different, got %s before %s"
                .formatted(column, names.get(i - 1), names.get(i)));
      }
    }
  }

  /**
   * The names in a text, each once, by code point: what stands between separators, without the
   * white space around it; what is then empty is no name.
   */
  static Iterable<String> names(String text, String separator) {
    TreeSet<String> names = new TreeSet<>(CodePointOrder.INSTANCE);
    for (int from = 0; from <= text.length(); ) {
      int to = text.indexOf(separator, from);
      String name = text.substring(from, to < 0 ? text.length() : to).strip();
      if (!name.isEmpty()) {
        names.add(name);
      }
      from = to < 0 ? text.length() + 1 : to + separator.length();
    }
    return names;
  }

  @Override
  public FieldType columnType() {
    return FieldType.STRING;
  }

  /**
   * The indices of the names, ascending, without those that are not learnt; null if the label is
   * missing.
   */
  @Override
  public int @Nullable [] value(@Nullable Object raw) {
    if (!(raw instanceof String text)) {
      return null;
    }
    List<Integer> indices = new ArrayList<>();
    for (String name : names(text, separator)) {
      int index = index(name);
      if (index >= 0) {
        indices.add(index);
      }
    }
    return indices.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The names of a raw label that are not learnt. */
  List<String> unknown(@Nullable Object raw) {
    List<String> unknown = new ArrayList<>();
    if (raw instanceof String text) {
      for (String name : names(text, separator)) {
        if (index(name) < 0) {
          unknown.add(name);
        }
      }
    }
    return unknown;
  }

  private int index(String name) {
    return Collections.binarySearch(names, name, CodePointOrder.INSTANCE);
  }

  @Override
  public Optional<TensorSpec> tensor() {
    return Optional.of(
        new TensorSpec(
            column,
            Element.INDEX,
            List.of(new Axis("name", Axis.VARYING, List.of())),
            1,
            List.of(names.size()),
            List.of(names)));
  }
}
