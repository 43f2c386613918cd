package sluice.training.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Partitioner;

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

  /** The sum over all nodes, given in their order; they are used up. */
  WeightedSum root(List<WeightedSum> sums) {
    return root(sums, 0, workers, depth);
  }

  private WeightedSum root(List<WeightedSum> sums, int from, int to, int levels) {
    if (levels == 0 || to - from == 1) {
      return sums.get(getPartition(from));
    }
    WeightedSum left = root(sums, from, middle(from, to), levels - 1);
    return left.plus(root(sums, middle(from, to), to, levels - 1));
  }
}
