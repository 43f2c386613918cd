package sluice.network;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;

/**
 * One input of a network: the values of some feature groups, one behind the other. Numbers stand as
 * they are, bytes as the numbers that they stand for, a one-hot category as a vector of its
 * cardinality, an index as its number, which an embedding looks up. Or a series: of each step its
 * numbers, or its index as a number, behind which its weight stands if it has one.
 */
public final class NetworkInput implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of the largest block that predictions are computed in. */
  private static final int MOST_ROWS = 64;

  /** A wider input is more than a block of examples can hold in one array. */
  public static final int WIDEST = Integer.MAX_VALUE / MOST_ROWS;

  private static final Logger LOG = LoggerFactory.getLogger(NetworkInput.class);

  /** The inputs of which it was said that a series was cut, once in a process. */
  private static final Set<String> SAID_CUT = ConcurrentHashMap.newKeySet();

  private final String name;

  /** The positions of the groups. */
  private final int[] positions;

  private final boolean[] indexed;
  private final int[] lengths;

  /** Whether it is a series of weighted indices. */
  private final boolean weighted;

  /** Per group of indices, the cardinality of each if one-hot; none for indices that stay. */
  private final int[][] cardinalities;

  /** Per group of bytes the number of each byte; none for others. */
  private final float[][] numberOfEachByte;

  private final int width;

  /** How many steps of a series are read; 0 of an input that is none. */
  private final int mostSteps;

  private NetworkInput(
      String name,
      ExampleLayout layout,
      List<TensorSpec> groups,
      int width,
      int mostSteps,
      boolean expands) {
    this.name = name;
    this.width = width;
    this.mostSteps = mostSteps;
    weighted = mostSteps > 0 && groups.get(0).isWeighted();
    positions = new int[groups.size()];
    indexed = new boolean[groups.size()];
    lengths = new int[groups.size()];
    cardinalities = new int[groups.size()][];
    numberOfEachByte = new float[groups.size()][];
    for (int i = 0; i < groups.size(); i++) {
      int position = layout.position(groups.get(i).name());
      positions[i] = position;
      indexed[i] = layout.isIndexed(position);
      lengths[i] = layout.length(position);
      numberOfEachByte[i] =
          groups.get(i).isBytes() ? groups.get(i).numberOfEachByte() : new float[0];
      cardinalities[i] =
          expands && groups.get(i).element() == Element.ONE_HOT
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
  public static NetworkInput of(String name, ExampleLayout layout, List<TensorSpec> groups) {
    return of(name, layout, groups, true);
  }

  /** An input in which a one-hot category, too, stands as its index. */
  public static NetworkInput ofIndices(String name, ExampleLayout layout, List<TensorSpec> groups) {
    return of(name, layout, groups, false);
  }

  /**
   * A series.
   *
   * @param group a series of the layout
   * @param mostSteps of which no more are read: the first, of weighted indices those of the
   *     greatest weights; the log says once if there was a longer one
   */
  public static NetworkInput ofSeries(
      String name, ExampleLayout layout, TensorSpec group, int mostSteps) {
    if (!group.isSeries()) {
      throw InvalidInput.configuration(
          "input %s needs a series, got feature group %s of %s"
              .formatted(name, group.name(), group.shape()));
    }
    int features = features(group);
    if ((long) features * mostSteps > WIDEST) {
      throw InvalidInput.configuration(
          "series %s must have at most %,d numbers, got %,d steps of %,d"
              .formatted(group.name(), WIDEST, mostSteps, features));
    }
    return new NetworkInput(name, layout, List.of(group), features * mostSteps, mostSteps, false);
  }

  /** The numbers of a step of a series: of a weighted index itself and its weight. */
  public static int features(TensorSpec series) {
    return series.isWeighted() ? 2 : series.size();
  }

  private static NetworkInput of(
      String name, ExampleLayout layout, List<TensorSpec> groups, boolean expands) {
    for (TensorSpec group : groups) {
      if (group.isSeries()) {
        throw InvalidInput.configuration(
            "feature group %s is a series, which needs an encoder of its own that reads series"
                .formatted(group.name()));
      }
    }
    long width = groups.stream().mapToLong(group -> expands ? group.width() : group.size()).sum();
    if (width > WIDEST) {
      throw InvalidInput.configuration(
          "the input of a network must have at most %,d numbers, got %,d".formatted(WIDEST, width));
    }
    return new NetworkInput(name, layout, groups, (int) width, 0, expands);
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

  /** How many steps of a series are read at most; 0 of an input that is none. */
  public int mostSteps() {
    return mostSteps;
  }

  /** The position of its first group. */
  public int group() {
    return positions[0];
  }

  /** The numbers of a step of a series. */
  int features() {
    return weighted ? 2 : lengths[0];
  }

  /** How many steps of an example are read; 0 if it is no series. */
  int steps(Examples examples, int example) {
    if (!isSeries()) {
      return 0;
    }
    int steps = examples.steps(example, positions[0]);
    if (steps > mostSteps && SAID_CUT.add(name)) {
      LOG.warn(
          "input {}: of a series of {} steps the {} {} are read, and so of all longer ones",
          name,
          steps,
          weighted ? "heaviest" : "first",
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
    if (weighted) {
      writeWeighted(examples, example, out, offset, room);
      return;
    }
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

  private void writeWeighted(Examples examples, int example, float[] out, int offset, int room) {
    int steps = examples.steps(example, positions[0]);
    int index = examples.start(example, positions[0]);
    int weight = examples.weightStart(example, positions[0]);
    int at = offset;
    for (int step : Heaviest.of(examples.numbers(), weight, steps, mostSteps)) {
      out[at] = examples.indices()[index + step];
      out[room + at++] = examples.numbers()[weight + step];
    }
  }

  /**
   * Writes one example of an input that is no series.
   *
   * @param example which of them
   * @param out all zero from {@code offset} to {@code offset + width()}
   */
  public void write(Examples examples, int example, float[] out, int offset) {
    int at = offset;
    for (int g = 0; g < lengths.length; g++) {
      int from = examples.start(example, positions[g]);
      float[] ofEachByte = numberOfEachByte[g];
      if (ofEachByte.length > 0) {
        byte[] bytes = examples.byteValues();
        for (int i = 0; i < lengths[g]; i++) {
          out[at++] = ofEachByte[bytes[from + i] & 0xff];
        }
        continue;
      }
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
