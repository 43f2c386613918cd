package sluice.evaluation.baselines;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import sluice.features.TensorSpec;

/**
 * The feature groups of a row as one vector: numbers as they are, a category index as a one-hot
 * vector of its cardinality, and behind them each series of indices as the count of each index (a
 * bag of words), one of weighted indices as the weights. Sparse if any category is expanded or
 * there is a series, else dense.
 */
final class ExpandFeatures implements UDF1<Row, Vector> {
  private static final long serialVersionUID = 1L;

  private final Values values;

  /** By value that is of no series, how many categories there are; 0 for a number. */
  private final int[] cardinalities;

  /** By series, how many categories there are. */
  private final int[] ofSeries;

  /** By series, whether its indices have weights. */
  private final boolean[] weighted;

  private final int width;
  private final boolean sparse;

  ExpandFeatures(List<TensorSpec> groups) {
    values = new Values(groups);
    cardinalities = cardinalities(groups);
    ofSeries = ofSeries(groups);
    List<TensorSpec> series = groups.stream().filter(TensorSpec::isSeries).toList();
    weighted = new boolean[series.size()];
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] = series.get(i).isWeighted();
    }
    width = width(groups);
    sparse = ofSeries.length > 0 || Arrays.stream(cardinalities).anyMatch(c -> c > 0);
  }

  /** By value of {@link Values} that is of no series, how many categories; 0 for a number. */
  static int[] cardinalities(List<TensorSpec> groups) {
    return groups.stream()
        .filter(group -> !group.isSeries())
        .flatMapToInt(
            group ->
                group.cardinalities().isEmpty()
                    ? IntStream.generate(() -> 0).limit(group.size())
                    : group.cardinalities().stream().mapToInt(Integer::intValue))
        .toArray();
  }

  private static int[] ofSeries(List<TensorSpec> groups) {
    return groups.stream()
        .filter(TensorSpec::isSeries)
        .mapToInt(group -> group.cardinalities().get(0))
        .toArray();
  }

  /**
   * The feature groups of a row as one array: numbers, and indices of categories as numbers; behind
   * them of each series the number of its steps, the index of each step, and the weight of each if
   * they have some.
   */
  static final class Values implements UDF1<Row, float[]> {
    private static final long serialVersionUID = 1L;

    /** By group whether it is a series. */
    private final boolean[] series;

    private final int[] cardinalities;
    private final int[] ofSeries;

    Values(List<TensorSpec> groups) {
      series = new boolean[groups.size()];
      for (int g = 0; g < series.length; g++) {
        series[g] = groups.get(g).isSeries();
      }
      cardinalities = cardinalities(groups);
      ofSeries = ofSeries(groups);
    }

    @Override
    public float[] call(Row row) {
      int all = cardinalities.length;
      for (int g = 0; g < series.length; g++) {
        all += series[g] ? 1 + indices(row, g).size() + weights(row, g).size() : 0;
      }
      float[] values = new float[all];
      int filled = 0;
      int behind = cardinalities.length;
      int before = 0;
      for (int g = 0; g < series.length; g++) {
        if (series[g]) {
          List<Integer> indices = indices(row, g);
          values[behind++] = indices.size();
          int cardinality = ofSeries[before++];
          for (int index : indices) {
            values[behind++] = checked(index, cardinality, row);
          }
          for (float weight : weights(row, g)) {
            values[behind++] = weight;
          }
          continue;
        }
        for (Number value : row.<Number>getList(g)) {
          values[filled] = checked(value, cardinalities[filled], row);
          filled++;
        }
      }
      if (filled != cardinalities.length) {
        throw new IllegalArgumentException(
            "%d features expected, got %d in %s".formatted(cardinalities.length, filled, row));
      }
      return values;
    }

    private static List<Integer> indices(Row row, int group) {
      return row.get(group) instanceof Row weighted ? weighted.getList(0) : row.getList(group);
    }

    private static List<Float> weights(Row row, int group) {
      return row.get(group) instanceof Row weighted ? weighted.getList(1) : List.of();
    }

    private static float checked(Number value, int cardinality, Row row) {
      if (cardinality > 0 && (value.intValue() < 0 || value.intValue() >= cardinality)) {
        throw new IllegalArgumentException(
            "category %s of %d in %s".formatted(value, cardinality, row));
      }
      return value.floatValue();
    }
  }

  /** The length of the vectors. */
  static int width(List<TensorSpec> groups) {
    return Math.toIntExact(
        groups.stream()
            .flatMapToInt(
                group ->
                    group.element().isNumber()
                        ? IntStream.of(group.size())
                        : group.cardinalities().stream().mapToInt(Integer::intValue))
            .asLongStream()
            .sum());
  }

  @Override
  public Vector call(Row groups) {
    return vector(values.call(groups));
  }

  /** The vector of {@link Values}. */
  Vector vector(float[] row) {
    int[] indices = new int[row.length];
    double[] entries = new double[row.length];
    int filled = 0;
    int offset = 0;
    for (int i = 0; i < cardinalities.length; i++) {
      int cardinality = cardinalities[i];
      if (cardinality > 0) {
        indices[filled] = offset + (int) row[i];
        entries[filled++] = 1;
      } else if (row[i] != 0 || !sparse) {
        indices[filled] = offset;
        entries[filled++] = row[i];
      }
      offset += Math.max(1, cardinality);
    }
    int at = cardinalities.length;
    for (int series = 0; series < ofSeries.length; series++) {
      int steps = (int) row[at++];
      if (weighted[series]) {
        for (int step = 0; step < steps; step++) {
          indices[filled] = offset + (int) row[at + step];
          entries[filled++] = row[at + steps + step];
        }
        at += 2 * steps;
      } else {
        float[] sorted = Arrays.copyOfRange(row, at, at + steps);
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
          if (i == 0 || sorted[i] != sorted[i - 1]) {
            indices[filled++] = offset + (int) sorted[i];
          }
          entries[filled - 1]++;
        }
        at += steps;
      }
      offset += ofSeries[series];
    }
    return sparse
        ? Vectors.sparse(width, Arrays.copyOf(indices, filled), Arrays.copyOf(entries, filled))
        : Vectors.dense(entries);
  }
}
