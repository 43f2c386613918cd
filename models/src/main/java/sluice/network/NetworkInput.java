package sluice.network;

import java.io.Serializable;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * One input of a network: the values of some feature groups, one behind the other. Numbers stand as
 * they are, a one-hot category as a vector of its cardinality, an index as its number, which an
 * embedding looks up.
 */
public final class NetworkInput implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of the largest block that predictions are computed in. */
  private static final int MOST_ROWS = 64;

  /** A wider input is more than a block of examples can hold in one array. */
  private static final int WIDEST = Integer.MAX_VALUE / MOST_ROWS;

  private final String name;
  private final boolean[] indexed;
  private final int[] starts;
  private final int[] lengths;

  /** Per group of indices, the cardinality of each if one-hot; none for indices that stay. */
  private final int[][] cardinalities;

  private final int width;

  private NetworkInput(
      String name, ExampleLayout layout, List<FeatureGroup> groups, int width, boolean expands) {
    this.name = name;
    this.width = width;
    indexed = new boolean[groups.size()];
    starts = new int[groups.size()];
    lengths = new int[groups.size()];
    cardinalities = new int[groups.size()][];
    for (int i = 0; i < groups.size(); i++) {
      int position = layout.position(groups.get(i).name());
      indexed[i] = layout.isIndexed(position);
      starts[i] = layout.start(position);
      lengths[i] = layout.length(position);
      cardinalities[i] =
          expands && groups.get(i).encoding() == FeatureGroup.Encoding.ONE_HOT
              ? groups.get(i).cardinalities().stream().mapToInt(Integer::intValue).toArray()
              : new int[0];
    }
  }

  /**
   * An input.
   *
   * @param name of the input in the network
   * @param layout of the examples
   * @param groups that it is made of, at least one, all of the layout
   * @throws InvalidInput (configuration) if it would be wider than any array
   */
  public static NetworkInput of(String name, ExampleLayout layout, List<FeatureGroup> groups) {
    return of(name, layout, groups, true);
  }

  /** An input in which a one-hot category, too, stands as its index. */
  public static NetworkInput ofIndices(
      String name, ExampleLayout layout, List<FeatureGroup> groups) {
    return of(name, layout, groups, false);
  }

  private static NetworkInput of(
      String name, ExampleLayout layout, List<FeatureGroup> groups, boolean expands) {
    long width = groups.stream().mapToLong(group -> width(group, expands)).sum();
    if (width > WIDEST) {
      throw InvalidInput.configuration(
          "the input of a network must have at most %,d numbers, got %,d".formatted(WIDEST, width));
    }
    return new NetworkInput(name, layout, groups, (int) width, expands);
  }

  private static long width(FeatureGroup group, boolean expands) {
    return expands && group.encoding() == FeatureGroup.Encoding.ONE_HOT
        ? group.cardinalities().stream().mapToLong(cardinality -> cardinality).sum()
        : group.shape().stream().mapToLong(size -> size).reduce(1, Math::multiplyExact);
  }

  /** Its name in the network. */
  public String name() {
    return name;
  }

  /** How many numbers an example has in it. */
  public int width() {
    return width;
  }

  /**
   * Writes one example.
   *
   * @param layout of the examples
   * @param numbers the numbers of many examples, as the layout has them
   * @param indices the indices of many examples, likewise
   * @param example which of them
   * @param out all zero from {@code offset} to {@code offset + width()}
   */
  void write(
      ExampleLayout layout, float[] numbers, int[] indices, int example, float[] out, int offset) {
    int firstNumber = example * layout.numbers();
    int firstIndex = example * layout.indices();
    int at = offset;
    for (int g = 0; g < lengths.length; g++) {
      if (!indexed[g]) {
        System.arraycopy(numbers, firstNumber + starts[g], out, at, lengths[g]);
        at += lengths[g];
        continue;
      }
      int[] sizes = cardinalities[g];
      for (int i = 0; i < lengths[g]; i++) {
        int index = indices[firstIndex + starts[g] + i];
        if (sizes.length == 0) {
          out[at++] = index;
        } else {
          out[at + index] = 1;
          at += sizes[i];
        }
      }
    }
  }
}
