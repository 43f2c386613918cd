package sluice.augment;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The examples of one class in the order of their keys, and which of them are near each other: the
 * distance of SMOTE-NC (Chawla et al. 2002, section 6.1), found exactly by looking at all.
 * Immutable.
 */
final class Neighbours implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many numbers are compared before asking whether it is already too far. */
  private static final int BLOCK = 16;

  /** One example of a class. */
  static final class Example implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] key;
    private final int label;
    private final float[] floats;
    private final int[] indices;

    Example(byte[] key, int label, float[] floats, int[] indices) {
      this.key = key;
      this.label = label;
      this.floats = floats;
      this.indices = indices;
    }

    byte[] key() {
      return key;
    }

    int label() {
      return label;
    }
  }

  private final byte[][] keys;
  private final float[][] floats;
  private final int[][] indices;
  private final double mismatch;

  /**
   * Examples of one class.
   *
   * @param examples in any order, at least one; their keys are unique
   */
  Neighbours(List<Example> examples) {
    List<Example> sorted =
        examples.stream()
            .sorted(Comparator.comparing(Example::key, Arrays::compareUnsigned))
            .toList();
    keys = sorted.stream().map(Example::key).toArray(byte[][]::new);
    floats = sorted.stream().map(example -> example.floats).toArray(float[][]::new);
    indices = sorted.stream().map(example -> example.indices).toArray(int[][]::new);
    Deviations deviations = new Deviations(floats[0].length);
    sorted.forEach(example -> deviations.add(example.floats));
    double median = median(deviations.values());
    mismatch = median * median;
  }

  /** The place of a key. */
  int indexOf(byte[] key) {
    return Arrays.binarySearch(keys, key, Arrays::compareUnsigned);
  }

  float[] floats(int index) {
    return floats[index];
  }

  int[] indices(int index) {
    return indices[index];
  }

  /**
   * The nearest other examples, the nearest first; of those equally far the one with the least key.
   *
   * @param count how many, if there are so many
   */
  int[] nearest(int index, int count) {
    int wanted = Math.min(count, keys.length - 1);
    int[] found = new int[wanted];
    double[] distances = new double[wanted];
    int size = 0;
    for (int other = 0; other < keys.length; other++) {
      if (other == index) {
        continue;
      }
      double worst = size < wanted ? Double.POSITIVE_INFINITY : distances[size - 1];
      double distance = squaredDistance(index, other, worst);
      if (size == wanted && !(distance < worst)) {
        continue;
      }
      int at = size < wanted ? size++ : size - 1;
      while (at > 0 && distance < distances[at - 1]) {
        distances[at] = distances[at - 1];
        found[at] = found[at - 1];
        at--;
      }
      distances[at] = distance;
      found[at] = other;
    }
    return found;
  }

  /** The squared distance, or some number above the limit if it is above. */
  private double squaredDistance(int left, int right, double limit) {
    float[] a = floats[left];
    float[] b = floats[right];
    double sum = 0;
    for (int start = 0; start < a.length && sum <= limit; start += BLOCK) {
      int end = Math.min(start + BLOCK, a.length);
      for (int i = start; i < end; i++) {
        double difference = (double) a[i] - b[i];
        sum += difference * difference;
      }
    }
    int[] c = indices[left];
    int[] d = indices[right];
    int mismatches = 0;
    for (int i = 0; i < c.length; i++) {
      if (c[i] != d[i]) {
        mismatches++;
      }
    }
    return sum + mismatches * mismatch;
  }

  /** The median, the mean of the middle two; 1 of nothing, so that mismatches are counted. */
  private static double median(double[] values) {
    if (values.length == 0) {
      return 1;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
