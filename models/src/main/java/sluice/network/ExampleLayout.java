package sluice.network;

import java.io.Serializable;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * How an example is kept: its numbers in one array, its category indices in another, both in the
 * order of the feature groups, but that series, whose lengths vary, stand behind all others. A
 * category stays an index until a minibatch is made of it, see {@link Batcher}.
 */
public final class ExampleLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] names;

  /** Per group, whether its values are indices. */
  private final boolean[] indexed;

  /** Per group, how many values an example has, or a step of a series. */
  private final int[] lengths;

  /** Per group, where its values begin among the example's numbers or indices; -1 of a series. */
  private final int[] starts;

  /** Per group its position among the series; -1 of one that is none. */
  private final int[] series;

  private final int allSeries;

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
    series = new int[groups.size()];
    int seriesBefore = 0;
    long[] counts = new long[2];
    for (int g = 0; g < groups.size(); g++) {
      FeatureGroup group = groups.get(g);
      names[g] = group.name();
      indexed[g] = group.encoding() != FeatureGroup.Encoding.FLOAT;
      series[g] = group.isSeries() ? seriesBefore++ : -1;
      if (group.isSeries()) {
        requireSeries(group);
        starts[g] = -1;
        lengths[g] = group.shape().stream().skip(1).reduce(1, Math::multiplyExact);
        continue;
      }
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
    allSeries = seriesBefore;
  }

  private static void requireSeries(FeatureGroup group) {
    boolean indices =
        group.encoding() == FeatureGroup.Encoding.INDEX
            && group.shape().size() == 1
            && group.cardinalities().size() == 1;
    boolean floats =
        group.encoding() == FeatureGroup.Encoding.FLOAT
            && group.shape().size() <= 2
            && group.shape().stream().skip(1).allMatch(size -> size > 0);
    if (!indices && !floats) {
      throw InvalidInput.configuration(
          "a series must be of indices of the shape [-1] with one cardinality, or of floats of [-1] or [-1, n], group %s is %s of %s with cardinalities %s"
              .formatted(group.name(), group.encoding(), group.shape(), group.cardinalities()));
    }
  }

  /** How many numbers an example holds besides series. */
  public int numbers() {
    return numbers;
  }

  /** How many indices an example holds besides series. */
  public int indices() {
    return indices;
  }

  /** How many of the groups are series. */
  public int series() {
    return allSeries;
  }

  /** A group's position among the series; -1 if it is none. */
  public int series(int group) {
    return series[group];
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

  /** How many values an example has in a group, or a step of it where it is a series. */
  public int length(int group) {
    return lengths[group];
  }

  /** Where a group's values begin among an example's numbers, or its indices; -1 of a series. */
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
