package sluice.training;

import java.util.List;

/**
 * The mean of arrays, weighted by examples, in doubles along a fixed binary tree over the workers'
 * indices: the same to the bit whatever finished first. The mean of equal arrays is the array.
 */
final class WeightedMean {
  private WeightedMean() {}

  /**
   * @param arrays of equal length, in the order of the workers
   * @param weights not negative, not all zero
   */
  static float[] of(List<float[]> arrays, long[] weights) {
    long total = 0;
    for (long weight : weights) {
      total += weight;
    }
    if (total <= 0) {
      throw new IllegalArgumentException("no weight in " + weights.length + " arrays");
    }
    double[] sum = sum(arrays, weights, total, 0, weights.length);
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) sum[i];
    }
    return mean;
  }

  private static double[] sum(List<float[]> arrays, long[] weights, long total, int from, int to) {
    if (to - from == 1) {
      float[] array = arrays.get(from);
      double[] weighted = new double[array.length];
      double share = (double) weights[from] / total;
      for (int i = 0; i < array.length; i++) {
        weighted[i] = share * array[i];
      }
      return weighted;
    }
    int middle = (from + to) >>> 1;
    double[] left = sum(arrays, weights, total, from, middle);
    double[] right = sum(arrays, weights, total, middle, to);
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }
}
