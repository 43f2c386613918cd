package sluice.training.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.apache.spark.Partitioner;
import sluice.network.RowTables;

/**
 * The binary tree along which the workers' results are added up, cut off at a depth: what is below
 * the cut is added up on executors, what is above on the driver. The tree halves the range of the
 * workers' indices again and again; where it is cut changes nothing of the result.
 */
final class WorkerTree extends Partitioner {
  private static final long serialVersionUID = 1L;

  /** A range of workers that is added up in one place. */
  private record Node(int from, int to) implements Serializable {}

  private final int workers;
  private final int depth;
  private final ArrayList<Node> nodes = new ArrayList<>();

  /**
   * @param depth of the cut; there are at most 2 to the power of it nodes
   */
  WorkerTree(int workers, int depth) {
    this.workers = workers;
    this.depth = depth;
    cut(0, workers, depth);
  }

  static int middle(int from, int to) {
    return (from + to) >>> 1;
  }

  /** What workers bring. */
  @FunctionalInterface
  interface Leaf {
    /**
     * Writes what a worker brings.
     *
     * @return false if the worker counts as not there, whatever was written
     */
    boolean write(int worker, double[] out);
  }

  /**
   * Sums up what some workers bring, from one to another.
   *
   * @return false if none of them is there
   */
  static boolean sum(int from, int to, double[] out, Leaf leaf) {
    if (to - from == 1) {
      return leaf.write(from, out);
    }
    int middle = middle(from, to);
    if (!sum(from, middle, out, leaf)) {
      return sum(middle, to, out, leaf);
    }
    double[] other = new double[out.length];
    if (sum(middle, to, other, leaf)) {
      for (int i = 0; i < out.length; i++) {
        out[i] += other[i];
      }
    }
    return true;
  }

  private void cut(int from, int to, int levels) {
    if (levels == 0 || to - from == 1) {
      nodes.add(new Node(from, to));
      return;
    }
    cut(from, middle(from, to), levels - 1);
    cut(middle(from, to), to, levels - 1);
  }

  @Override
  public int numPartitions() {
    return nodes.size();
  }

  /** The node that a worker belongs to. */
  @Override
  public int getPartition(Object worker) {
    int node = 0;
    while ((Integer) worker >= nodes.get(node).to) {
      node++;
    }
    return node;
  }

  /**
   * The sum over all nodes, given in their order; they are used up.
   *
   * @param start where the workers started
   */
  WeightedSum root(List<WeightedSum> sums, RowTables tables, WholeNetwork start) {
    return root(sums, 0, workers, depth, (left, right) -> left.plus(right, tables, start));
  }

  private WeightedSum root(
      List<WeightedSum> sums, int from, int to, int levels, BinaryOperator<WeightedSum> plus) {
    if (levels == 0 || to - from == 1) {
      return sums.get(getPartition(from));
    }
    WeightedSum left = root(sums, from, middle(from, to), levels - 1, plus);
    return plus.apply(left, root(sums, middle(from, to), to, levels - 1, plus));
  }
}
