package sluice.training.examples;

import java.io.Serializable;
import java.util.Comparator;
import org.apache.spark.Partitioner;

/**
 * Where examples belong: to which logical worker, and where among its examples.
 *
 * @param worker the worker's index
 * @param rank of the first of them among all examples
 */
record WorkerRank(int worker, long rank) implements Serializable {

  /** Orders by worker and rank. */
  static final class Order implements Comparator<WorkerRank>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(WorkerRank a, WorkerRank b) {
      int byWorker = Integer.compare(a.worker, b.worker);
      return byWorker != 0 ? byWorker : Long.compare(a.rank, b.rank);
    }
  }

  /** A partition for each block of each worker. */
  static final class ByBlock extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int[] firstBlocks;
    private final int blockSize;

    ByBlock(WorkerBlocks blocks) {
      this.firstBlocks = blocks.firstBlocks();
      this.blockSize = blocks.blockSize();
    }

    @Override
    public int numPartitions() {
      return firstBlocks[workers()];
    }

    @Override
    public int getPartition(Object key) {
      WorkerRank place = (WorkerRank) key;
      return firstBlocks[place.worker] + (int) (place.rank / workers() / blockSize);
    }

    private int workers() {
      return firstBlocks.length - 1;
    }
  }

  /** A partition for each worker. */
  static final class ByWorker extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int workers;

    ByWorker(int workers) {
      this.workers = workers;
    }

    @Override
    public int numPartitions() {
      return workers;
    }

    @Override
    public int getPartition(Object place) {
      return ((WorkerRank) place).worker;
    }
  }
}
