package sluice.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.features.Axis;
import sluice.features.Element;
import sluice.features.TensorSpec;

/**
 * How an example is kept: its numbers in one array, its bytes in another, its category indices in a
 * third, each in the order of the feature groups, but that series, whose lengths vary, stand behind
 * all others. The weights of indices are numbers. A category stays an index and a byte a byte until
 * a minibatch is made of it, see {@link Batcher}.
 */
public final class ExampleLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] names;

  /** Per group, whether its values are indices. */
  private final boolean[] indexed;

  /** Per group, whether its indices have weights. */
  private final boolean[] weighted;

  /** Per group, whether its values are bytes. */
  private final boolean[] bytes;

  /** Per group, how many values an example has, or a step of a series. */
  private final int[] lengths;

  /** Per group, where its values begin among the example's of their kind; -1 of a series. */
  private final int[] starts;

  /** Per group its position among the series; -1 of one that is none. */
  private final int[] series;

  /** Per target its group; -1 of one whose label is a class or a number. */
  private final int[] labels;

  private final int allSeries;

  private final int numbers;
  private final int indices;
  private final int byteCount;

  /**
   * The layout of these groups.
   *
   * @throws InvalidInput (configuration) if an example is longer than any array
   */
  public ExampleLayout(List<TensorSpec> groups) {
    this(groups, List.of());
  }

  /** The layout of these groups and, behind them, of labels that are tags of steps or sets. */
  public ExampleLayout(List<TensorSpec> inputs, List<Target> targets) {
    List<TensorSpec> groups = new ArrayList<>(inputs);
    labels = new int[targets.size()];
    for (int t = 0; t < labels.length; t++) {
      Target target = targets.get(t);
      boolean ofIndices = target.task().isOfIndices();
      labels[t] = ofIndices ? groups.size() : -1;
      if (ofIndices) {
        groups.add(indices(target));
      }
    }
    names = new String[groups.size()];
    indexed = new boolean[groups.size()];
    weighted = new boolean[groups.size()];
    lengths = new int[groups.size()];
    starts = new int[groups.size()];
    series = new int[groups.size()];
    int seriesBefore = 0;
    bytes = new boolean[groups.size()];
    long[] counts = new long[3];
    for (int g = 0; g < groups.size(); g++) {
      TensorSpec group = groups.get(g);
      names[g] = group.name();
      bytes[g] = group.isBytes();
      indexed[g] = !group.element().isNumber();
      weighted[g] = group.isWeighted();
      lengths[g] = group.size();
      series[g] = group.isSeries() ? seriesBefore++ : -1;
      if (group.isSeries()) {
        requireSeries(group);
        starts[g] = -1;
        continue;
      }
      int kind = indexed[g] ? 1 : bytes[g] ? 2 : 0;
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
    byteCount = (int) counts[2];
    allSeries = seriesBefore;
  }

  private static TensorSpec indices(Target target) {
    return TensorSpec.of(
        target.name(),
        Element.INDEX,
        List.of(Axis.VARYING),
        List.of(),
        List.of(target.outputs()),
        List.of());
  }

  private static void requireSeries(TensorSpec group) {
    boolean indices =
        group.isIndex() && group.axes().size() == 1 && group.cardinalities().size() == 1;
    boolean floats = group.element() == Element.FLOAT32 && group.axes().size() <= 2;
    if (!indices && !floats && !group.isWeighted()) {
      throw InvalidInput.configuration(
          "a series must be of indices of the shape [-1] with one cardinality, weighted or not, or of floats of [-1] or [-1, n], group %s is %s of %s with cardinalities %s"
              .formatted(group.name(), group.element(), group.shape(), group.cardinalities()));
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

  /** How many bytes an example holds. */
  public int bytes() {
    return byteCount;
  }

  /** How many of the groups are series. */
  public int series() {
    return allSeries;
  }

  /** A group's position among the series; -1 if it is none. */
  public int series(int group) {
    return series[group];
  }

  /** The target whose tags or sets a group is; -1 of a group that a network reads. */
  public int target(int group) {
    for (int t = 0; t < labels.length; t++) {
      if (labels[t] == group) {
        return t;
      }
    }
    return -1;
  }

  /** The group that the tags or the sets of a target are. */
  int label(int target) {
    return labels[target];
  }

  /** How many groups there are. */
  public int groups() {
    return names.length;
  }

  /** The name of a group. */
  public String name(int group) {
    return names[group];
  }

  /** Whether a group's values are indices, with weights or without. */
  public boolean isIndexed(int group) {
    return indexed[group];
  }

  /** Whether a group's indices have weights, which stand among the numbers. */
  public boolean isWeighted(int group) {
    return weighted[group];
  }

  /** Whether a group that is a series has values among the numbers. */
  boolean hasNumbers(int group) {
    return !indexed[group] || weighted[group];
  }

  /** Whether a group's values are bytes. */
  public boolean isBytes(int group) {
    return bytes[group];
  }

  /** How many values an example has in a group, or a step of it where it is a series. */
  public int length(int group) {
    return lengths[group];
  }

  /** Where a group's values begin among an example's numbers, bytes or indices; -1 of a series. */
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
