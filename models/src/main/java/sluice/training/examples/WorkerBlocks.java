package sluice.training.examples;

import java.io.Serializable;
import java.util.Arrays;

/** How many examples each logical worker has, in blocks of how many: the last may have fewer. */
public final class WorkerBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Examples of a block, unless they weigh too much. */
  static final int MOST_EXAMPLES = 4096;

  /**
   * Bytes of a block, on average: what a task holds of a worker's examples at a time. Most examples
   * weigh less than a {@value #MOST_EXAMPLES}th of it.
   */
  static final long MOST_BYTES = 64L << 20;

  private final long[] sizes;
  private final int blockSize;

  /**
   * @param sizes how many examples each worker has
   * @param blockSize examples of a block
   */
  WorkerBlocks(long[] sizes, int blockSize) {
    this.sizes = sizes.clone();
    this.blockSize = blockSize;
  }

  /**
   * As many examples as there are, dealt out evenly. The order of a training follows from their
   * number and their bytes, and from nothing else.
   *
   * @param bytes of all examples
   */
  static WorkerBlocks of(long examples, long bytes, int workers) {
    long[] sizes = new long[workers];
    for (int worker = 0; worker < workers; worker++) {
      sizes[worker] = (examples - worker + workers - 1) / workers;
    }
    long each = Math.max(1, bytes / Math.max(1, examples));
    return new WorkerBlocks(sizes, (int) Math.max(1, Math.min(MOST_EXAMPLES, MOST_BYTES / each)));
  }

  int workers() {
    return sizes.length;
  }

  /** How many examples each worker has. */
  long[] sizes() {
    return sizes.clone();
  }

  /** How many examples a worker has. */
  long size(int worker) {
    return sizes[worker];
  }

  /** How many examples there are. */
  long size() {
    return Arrays.stream(sizes).sum();
  }

  /** Examples of a full block. */
  int blockSize() {
    return blockSize;
  }

  /** The number of blocks that a worker has. */
  int blocks(int worker) {
    return Math.toIntExact((sizes[worker] + blockSize - 1) / blockSize);
  }

  /** How many examples a worker's block has. */
  int size(int worker, int block) {
    return (int) Math.min(blockSize, sizes[worker] - (long) block * blockSize);
  }

  /** The number of each worker's first block among all, and behind the last worker's how many. */
  int[] firstBlocks() {
    int[] first = new int[sizes.length + 1];
    for (int worker = 0; worker < sizes.length; worker++) {
      first[worker + 1] = Math.addExact(first[worker], blocks(worker));
    }
    return first;
  }
}
