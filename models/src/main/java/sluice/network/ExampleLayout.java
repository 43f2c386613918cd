package sluice.network;

import java.io.Serializable;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * How an example is kept: its numbers in one array, its category indices in another, both in the
 * order of the feature groups. A category stays an index until a minibatch is made of it, see
 * {@link Batcher}.
 */
public final class ExampleLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] names;

  /** Per group, whether its values are indices. */
  private final boolean[] indexed;

  /** Per group, how many values an example has. */
  private final int[] lengths;

  /** Per group, where its values begin among the example's numbers or indices. */
  private final int[] starts;

  private final int numbers;
  private final int indices;

  /**
   * The layout of these groups, at least one.
   *
   * @throws InvalidInput (configuration) if an example is longer than any array
   */
  public ExampleLayout(List<FeatureGroup> groups) {
    names = new String[groups.size()];
    indexed = new boolean[groups.size()];
    lengths = new int[groups.size()];
    starts = new int[groups.size()];
    long[] counts = new long[2];
    for (int g = 0; g < groups.size(); g++) {
      FeatureGroup group = groups.get(g);
      names[g] = group.name();
      indexed[g] = group.encoding() != FeatureGroup.Encoding.FLOAT;
      lengths[g] = group.shape().stream().reduce(1, Math::multiplyExact);
      int kind = indexed[g] ? 1 : 0;
      starts[g] = (int) counts[kind];
      counts[kind] += lengths[g];
      if (counts[kind] > Integer.MAX_VALUE) {
        throw InvalidInput.configuration(
            "an example must have at most %,d values, got more with group %s"
                .formatted(Integer.MAX_VALUE, group.name()));
      }
    }
    numbers = (int) counts[0];
    indices = (int) counts[1];
  }

  /** How many numbers an example holds. */
  public int numbers() {
    return numbers;
  }

  /** How many indices an example holds. */
  public int indices() {
    return indices;
  }

  /** How many groups there are. */
  public int groups() {
    return names.length;
  }

  /** The name of a group. */
  public String name(int group) {
    return names[group];
  }

  /** Whether a group's values are indices. */
  public boolean isIndexed(int group) {
    return indexed[group];
  }

  /** How many values an example has in a group. */
  public int length(int group) {
    return lengths[group];
  }

  /** Where a group's values begin among an example's numbers, or its indices. */
  public int start(int group) {
    return starts[group];
  }

  /**
   * The position of the group with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  int position(String name) {
    for (int g = 0; g < names.length; g++) {
      if (names[g].equals(name)) {
        return g;
      }
    }
    throw new IllegalArgumentException("there is no group " + name);
  }
}
