package sluice.boosting;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The values of columns as few bins. A number's bin is the count of edges below it: midpoints
 * between neighbouring values, or between quantiles where there are more values than bins. A
 * category's bin is its rank by frequency; the rarest share the last one where there are too many.
 */
final class Bins {
  private static final int MOST = 255;
  private static final int FEWEST = 16;
  private static final int MOST_IN_ALL = 250_000;

  /** By column, rising; of categories empty. */
  final double[][] edges;

  /** By column, the bin of each category; of numbers empty. */
  final int[][] ofCategory;

  /** By column, how many bins there are, and where they begin in an array of all. */
  final int[] counts;

  final int[] offsets;

  /** By column, the bin of each row. */
  final byte[][] rows;

  final int total;

  Bins(Examples examples) {
    int columns = examples.columns().length;
    int most = Math.min(MOST, Math.max(FEWEST, MOST_IN_ALL / Math.max(1, columns)));
    edges = new double[columns][];
    ofCategory = new int[columns][];
    counts = new int[columns];
    rows = new byte[columns][];
    IntStream.range(0, columns).parallel().forEach(column -> fit(examples, column, most));
    offsets = new int[columns];
    int sum = 0;
    for (int column = 0; column < columns; column++) {
      offsets[column] = sum;
      sum += counts[column];
    }
    total = sum;
  }

  private void fit(Examples examples, int column, int most) {
    float[] values = examples.columns()[column];
    int cardinality = examples.cardinalities()[column];
    byte[] binned = new byte[values.length];
    if (cardinality > 0) {
      int[] bins = categories(values, cardinality, most);
      for (int row = 0; row < binned.length; row++) {
        binned[row] = (byte) bins[(int) values[row]];
      }
      edges[column] = new double[0];
      ofCategory[column] = bins;
      counts[column] = Math.min(cardinality, most);
    } else {
      double[] between = edges(values, most);
      for (int row = 0; row < binned.length; row++) {
        binned[row] = (byte) bin(between, values[row]);
      }
      edges[column] = between;
      ofCategory[column] = new int[0];
      counts[column] = between.length + 1;
    }
    rows[column] = binned;
  }

  private static int[] categories(float[] values, int cardinality, int most) {
    long[] frequency = new long[cardinality];
    for (float value : values) {
      frequency[(int) value]++;
    }
    Integer[] byFrequency = IntStream.range(0, cardinality).boxed().toArray(Integer[]::new);
    Arrays.sort(byFrequency, (a, b) -> Long.compare(frequency[b], frequency[a]));
    int[] bins = new int[cardinality];
    for (int rank = 0; rank < cardinality; rank++) {
      bins[byFrequency[rank]] = Math.min(rank, most - 1);
    }
    return bins;
  }

  private static double[] edges(float[] values, int most) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    float[] distinct = new float[sorted.length];
    int found = 0;
    for (float value : sorted) {
      if (found == 0 || value > distinct[found - 1]) {
        distinct[found++] = value;
      }
    }
    if (found > most) {
      int taken = 0;
      for (int bin = 0; bin < most; bin++) {
        float value = sorted[(int) ((2L * bin + 1) * sorted.length / (2L * most))];
        if (taken == 0 || value > distinct[taken - 1]) {
          distinct[taken++] = value;
        }
      }
      found = taken;
    }
    double[] edges = new double[Math.max(0, found - 1)];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = ((double) distinct[i] + distinct[i + 1]) / 2;
    }
    return edges;
  }

  /** The number of edges below a value. */
  private static int bin(double[] edges, float value) {
    int at = Arrays.binarySearch(edges, value);
    return at >= 0 ? at : -at - 1;
  }
}
