package sluice.evaluation.baselines;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import sluice.normalise.FeatureGroup;

/**
 * The feature groups of a row as one vector: numbers as they are, a category index as a one-hot
 * vector of its cardinality. Sparse if any category is expanded, else dense.
 */
final class ExpandFeatures implements UDF1<Row, Vector> {
  private static final long serialVersionUID = 1L;

  /** By group, the cardinality of each position; empty for numbers. */
  private final int[][] cardinalities;

  private final int values;
  private final int width;
  private final boolean sparse;

  ExpandFeatures(List<FeatureGroup> groups) {
    cardinalities =
        groups.stream()
            .map(group -> group.cardinalities().stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    values = groups.stream().mapToInt(ExpandFeatures::positions).sum();
    width = width(groups);
    sparse = Arrays.stream(cardinalities).anyMatch(c -> c.length > 0);
  }

  /** The number of values of a group, before expansion. */
  private static int positions(FeatureGroup group) {
    return group.shape().stream().reduce(1, Math::multiplyExact);
  }

  /** By value of {@link Values}, how many categories there are; 0 for a number. */
  static int[] cardinalities(List<FeatureGroup> groups) {
    return groups.stream()
        .flatMapToInt(
            group ->
                group.cardinalities().isEmpty()
                    ? IntStream.generate(() -> 0).limit(positions(group))
                    : group.cardinalities().stream().mapToInt(Integer::intValue))
        .toArray();
  }

  /** The feature groups of a row as one array: numbers, and indices of categories as numbers. */
  static final class Values implements UDF1<Row, float[]> {
    private static final long serialVersionUID = 1L;

    private final int[] cardinalities;

    Values(List<FeatureGroup> groups) {
      cardinalities = cardinalities(groups);
    }

    @Override
    public float[] call(Row groups) {
      float[] values = new float[cardinalities.length];
      int filled = 0;
      for (int g = 0; g < groups.size(); g++) {
        List<? extends Number> group = groups.getList(g);
        for (Number value : group) {
          int cardinality = cardinalities[filled];
          if (cardinality > 0 && (value.intValue() < 0 || value.intValue() >= cardinality)) {
            throw new IllegalArgumentException(
                "category %s of %d in %s".formatted(value, cardinality, groups));
          }
          values[filled++] = value.floatValue();
        }
      }
      return values;
    }
  }

  /** The length of the vectors. */
  static int width(List<FeatureGroup> groups) {
    int width = 0;
    for (FeatureGroup group : groups) {
      int added =
          group.encoding() == FeatureGroup.Encoding.FLOAT
              ? positions(group)
              : group.cardinalities().stream().reduce(0, Math::addExact);
      width = Math.addExact(width, added);
    }
    return width;
  }

  @Override
  public Vector call(Row groups) {
    int[] indices = new int[values];
    double[] entries = new double[values];
    int filled = 0;
    int offset = 0;
    for (int g = 0; g < cardinalities.length; g++) {
      if (cardinalities[g].length == 0) {
        List<Float> numbers = groups.getList(g);
        for (float number : numbers) {
          if (number != 0 || !sparse) {
            indices[filled] = offset;
            entries[filled++] = number;
          }
          offset++;
        }
      } else {
        List<Integer> categories = groups.getList(g);
        for (int position = 0; position < cardinalities[g].length; position++) {
          int category = categories.get(position);
          int cardinality = cardinalities[g][position];
          if (category < 0 || category >= cardinality) {
            throw new IllegalArgumentException(
                "category %d of %d in %s".formatted(category, cardinality, groups));
          }
          indices[filled] = offset + category;
          entries[filled++] = 1;
          offset += cardinality;
        }
      }
    }
    if (offset != width) {
      throw new IllegalArgumentException(
          "%d features expected, got %d in %s".formatted(width, offset, groups));
    }
    return sparse
        ? Vectors.sparse(width, Arrays.copyOf(indices, filled), Arrays.copyOf(entries, filled))
        : Vectors.dense(entries);
  }
}
