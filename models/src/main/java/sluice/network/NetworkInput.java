package sluice.network;

import java.io.Serializable;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.normalise.FeatureGroup;

/**
 * One input of a network: the values of some feature groups, one behind the other. Numbers stand as
 * they are, a one-hot category as a vector of its cardinality, an index as its number, which an
 * embedding looks up. Or a series: of each step its numbers, or its index as a number.
 */
public final class NetworkInput implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of the largest block that predictions are computed in. */
  private static final int MOST_ROWS = 64;

  /** A wider input is more than a block of examples can hold in one array. */
  private static final int WIDEST = Integer.MAX_VALUE / MOST_ROWS;

  private static final Logger LOG = LoggerFactory.getLogger(NetworkInput.class);

  private final String name;

  /** The positions of the groups. */
  private final int[] positions;

  private final boolean[] indexed;
  private final int[] lengths;

  /** Per group of indices, the cardinality of each if one-hot; none for indices that stay. */
  private final int[][] cardinalities;

  private final int width;

  /** How many steps of a series are read; 0 of an input that is none. */
  private final int mostSteps;

  /** Whether it was said that a series was cut. */
  private transient boolean saidCut;

  private NetworkInput(
      String name,
      ExampleLayout layout,
      List<FeatureGroup> groups,
      int width,
      int mostSteps,
      boolean expands) {
    this.name = name;
    this.width = width;
    this.mostSteps = mostSteps;
    positions = new int[groups.size()];
    indexed = new boolean[groups.size()];
    lengths = new int[groups.size()];
    cardinalities = new int[groups.size()][];
    for (int i = 0; i < groups.size(); i++) {
      int position = layout.position(groups.get(i).name());
      positions[i] = position;
      indexed[i] = layout.isIndexed(position);
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
   * @throws InvalidInput (configuration) if it would be wider than any array, or a group is a
   *     series
   */
  public static NetworkInput of(String name, ExampleLayout layout, List<FeatureGroup> groups) {
    return of(name, layout, groups, true);
  }

  /** An input in which a one-hot category, too, stands as its index. */
  public static NetworkInput ofIndices(
      String name, ExampleLayout layout, List<FeatureGroup> groups) {
    return of(name, layout, groups, false);
  }

  /**
   * A series.
   *
   * @param group a series of the layout
   * @param mostSteps of which no more are read; the log says once if there was a longer one
   */
  public static NetworkInput ofSeries(
      String name, ExampleLayout layout, FeatureGroup group, int mostSteps) {
    if (!group.isSeries()) {
      throw InvalidInput.configuration(
          "input %s needs a series, got feature group %s of %s"
              .formatted(name, group.name(), group.shape()));
    }
    int features = layout.length(layout.position(group.name()));
    if ((long) features * mostSteps > WIDEST) {
      throw InvalidInput.configuration(
          "series %s must have at most %,d numbers, got %,d steps of %,d"
              .formatted(group.name(), WIDEST, mostSteps, features));
    }
    return new NetworkInput(name, layout, List.of(group), features * mostSteps, mostSteps, false);
  }

  private static NetworkInput of(
      String name, ExampleLayout layout, List<FeatureGroup> groups, boolean expands) {
    for (FeatureGroup group : groups) {
      if (group.isSeries()) {
        throw InvalidInput.configuration(
            "feature group %s is a series, which needs an encoder of its own that reads series"
                .formatted(group.name()));
      }
    }
    long width = groups.stream().mapToLong(group -> width(group, expands)).sum();
    if (width > WIDEST) {
      throw InvalidInput.configuration(
          "the input of a network must have at most %,d numbers, got %,d".formatted(WIDEST, width));
    }
    return new NetworkInput(name, layout, groups, (int) width, 0, expands);
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

  /** How many numbers an example has in it; of a series at most. */
  public int width() {
    return width;
  }

  /** Whether it is a series. */
  public boolean isSeries() {
    return mostSteps > 0;
  }

  /** The numbers of a step of a series. */
  int features() {
    return lengths[0];
  }

  /** How many steps of an example are read; 0 if it is no series. */
  int steps(Examples examples, int example) {
    if (!isSeries()) {
      return 0;
    }
    int steps = examples.steps(example, positions[0]);
    if (steps > mostSteps && !saidCut) {
      saidCut = true;
      LOG.warn(
          "input {}: of a series of {} steps the first {} are read, and so of all longer ones",
          name,
          steps,
          mostSteps);
    }
    return Math.min(steps, mostSteps);
  }

  /**
   * Writes the series of one example, [features, room].
   *
   * @param out all zero from {@code offset} to {@code offset + features() * room}
   * @param room steps that there is room for
   */
  void writeSeries(Examples examples, int example, float[] out, int offset, int room) {
    int steps = steps(examples, example);
    int features = lengths[0];
    int from = examples.start(example, positions[0]);
    if (indexed[0]) {
      for (int step = 0; step < steps; step++) {
        out[offset + step] = examples.indices()[from + step];
      }
      return;
    }
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < features; i++) {
        out[offset + i * room + step] = examples.numbers()[from + step * features + i];
      }
    }
  }

  /**
   * Writes one example of an input that is no series.
   *
   * @param example which of them
   * @param out all zero from {@code offset} to {@code offset + width()}
   */
  void write(Examples examples, int example, float[] out, int offset) {
    int at = offset;
    for (int g = 0; g < lengths.length; g++) {
      int from = examples.start(example, positions[g]);
      if (!indexed[g]) {
        System.arraycopy(examples.numbers(), from, out, at, lengths[g]);
        at += lengths[g];
        continue;
      }
      int[] sizes = cardinalities[g];
      for (int i = 0; i < lengths[g]; i++) {
        int index = examples.indices()[from + i];
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
