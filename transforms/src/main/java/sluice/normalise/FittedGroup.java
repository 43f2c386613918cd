package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import sluice.data.InvalidInput;

/**
 * The fitted columns that make one column of the feature table.
 *
 * @param name the group's name
 * @param columns its columns, in the order of their numbers; all give numbers, or all category
 *     indices of one encoding
 */
public record FittedGroup(String name, List<FittedColumn> columns) implements Serializable {
  private static final long serialVersionUID = 1L;

  public FittedGroup {
    columns = List.copyOf(columns);
    long encodings = columns.stream().map(FittedGroup::encoding).distinct().count();
    if (encodings != 1) {
      throw InvalidInput.data(
          "group %s: must have one encoding, got %s".formatted(name, encodings));
    }
  }

  private static FeatureGroup.Encoding encoding(FittedColumn column) {
    List<FittedStep> steps = column.steps();
    return !steps.isEmpty() && steps.get(steps.size() - 1) instanceof Categorical categorical
        ? categorical.encoding()
        : FeatureGroup.Encoding.FLOAT;
  }

  /** How many values the group has, as a number that is small enough to be counted first. */
  public long width() {
    return columns.stream()
        .mapToLong(
            column -> column.shape().stream().mapToLong(size -> size).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /** What the group's values are. */
  FeatureGroup.Encoding encoding() {
    return encoding(columns.get(0));
  }

  /** What a network must know of the group. */
  FeatureGroup describe() {
    List<String> names = new ArrayList<>();
    List<Integer> cardinalities = new ArrayList<>();
    List<List<String>> categories = new ArrayList<>();
    for (FittedColumn column : columns) {
      names.addAll(column.names());
      if (column.gives() == Kind.INDEX) {
        Categorical last = (Categorical) column.steps().get(column.steps().size() - 1);
        cardinalities.add(last.cardinality());
        categories.add(last.categories());
      }
    }
    // Several columns stand behind each other; one alone keeps its shape.
    List<Integer> shape = columns.size() == 1 ? columns.get(0).shape() : List.of(names.size());
    return new FeatureGroup(name, encoding(), shape, names, cardinalities, categories);
  }
}
