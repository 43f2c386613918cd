package sluice.boosting;

import java.io.Serializable;

/**
 * A tree of decisions. Node 0 is its root; a node whose left child is 0 is a leaf. A number up to
 * the threshold goes left, and so does a category of the node's bins; all else goes right.
 */
final class Tree implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] columns;
  private final double[] thresholds;
  private final boolean[][] bins;

  /** By node, the bin of each category: an array that all nodes of a column share. */
  private final int[][] ofCategory;

  private final int[] left;
  private final int[] right;
  private final double[] values;
  private int nodes = 1;

  Tree(int leaves) {
    int most = 2 * leaves - 1;
    columns = new int[most];
    thresholds = new double[most];
    bins = new boolean[most][];
    ofCategory = new int[most][];
    left = new int[most];
    right = new int[most];
    values = new double[most];
  }

  /** Sets what a leaf adds to a row's score. */
  void value(int node, double value) {
    values[node] = value;
  }

  /**
   * Makes a leaf a decision.
   *
   * @param leftBins by bin, whether its categories go left; not looked at for a number
   * @param binOfCategory by category; not copied, and empty for a number
   * @return the left child; the right one is the next
   */
  int split(int node, int column, double threshold, boolean[] leftBins, int[] binOfCategory) {
    columns[node] = column;
    thresholds[node] = threshold;
    bins[node] = leftBins;
    ofCategory[node] = binOfCategory;
    left[node] = nodes;
    right[node] = nodes + 1;
    nodes += 2;
    return left[node];
  }

  /** What a row's score gains. */
  double value(float[] row) {
    int node = 0;
    while (left[node] != 0) {
      float value = row[columns[node]];
      int[] own = ofCategory[node];
      boolean goesLeft = own.length == 0 ? value <= thresholds[node] : bins[node][own[(int) value]];
      node = goesLeft ? left[node] : right[node];
    }
    return values[node];
  }
}
