package sluice.normalise;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;

/**
 * The fitted columns that make one column of the feature table.
 *
 * @param name the group's name
 * @param columns its columns, in the order of their numbers; all give numbers, or all category
 *     indices of one encoding; a column that gives a series is the only one
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
    if (columns.stream().anyMatch(FittedColumn::isSeries)) {
      requireOneSeries(name, columns);
    }
  }

  private static void requireOneSeries(String name, List<FittedColumn> columns) {
    if (columns.size() > 1) {
      throw InvalidInput.data(
          "group %s: a series must be the only column of its group, got %s columns"
              .formatted(name, columns.size()));
    }
    Element of =
        columns.get(0).gives() == Kind.WEIGHTED_SERIES ? Element.WEIGHTED_INDEX : Element.INDEX;
    if (encoding(columns.get(0)) != of) {
      throw InvalidInput.data(
          "group %s: a %s must be of the encoding %s, got %s"
              .formatted(name, columns.get(0).gives().text(), of, encoding(columns.get(0))));
    }
  }

  private static Element encoding(FittedColumn column) {
    List<FittedStep> steps = column.steps();
    return !steps.isEmpty() && steps.get(steps.size() - 1) instanceof Categorical categorical
        ? categorical.encoding()
        : Element.FLOAT32;
  }

  /** How many values the group has, as a number that is small enough to be counted first. */
  public long width() {
    return columns.stream().mapToLong(FittedColumn::size).sum();
  }

  /** How many of the values have names, likewise: all, or none of a picture or a series. */
  public long named() {
    return keepsShape() ? 0 : width();
  }

  /** Several columns stand behind each other; a picture alone, or a series, keeps its shape. */
  private boolean keepsShape() {
    return isSeries() || (columns.size() == 1 && columns.get(0).shape().size() > 1);
  }

  /** Whether it is a series. */
  boolean isSeries() {
    return columns.get(0).isSeries();
  }

  /** The step of a picture that is stored as bytes: alone, and no other step; else null. */
  @Nullable Pixels bytes() {
    List<FittedStep> steps = columns.get(0).steps();
    return columns.size() == 1 && steps.size() == 1 && steps.get(0) instanceof Pixels pixels
        ? pixels
        : null;
  }

  /** What the group's values are. */
  Element encoding() {
    return bytes() == null ? encoding(columns.get(0)) : Element.UINT8;
  }

  /** What a network must know of the group. */
  TensorSpec tensor() {
    if (bytes() != null) {
      return TensorSpec.bytes(name, columns.get(0).shape(), Pixels.DIVISOR);
    }
    List<Integer> shape = keepsShape() ? columns.get(0).shape() : List.of(Math.toIntExact(width()));
    List<String> names = new ArrayList<>();
    List<Integer> cardinalities = new ArrayList<>();
    List<List<String>> categories = new ArrayList<>();
    for (FittedColumn column : columns) {
      if (!keepsShape()) {
        names.addAll(column.names());
      }
      if (column.gives() == Kind.INDEX || column.isSeries()) {
        Categorical last = (Categorical) column.steps().get(column.steps().size() - 1);
        cardinalities.add(last.cardinality());
        categories.add(last.categories());
      }
    }
    return TensorSpec.of(name, encoding(), shape, names, cardinalities, categories);
  }
}
