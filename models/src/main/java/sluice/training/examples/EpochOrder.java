package sluice.training.examples;

import java.util.SplittableRandom;

/**
 * The order in which a logical worker goes through its examples in one epoch: its blocks in a
 * seeded permutation, and within each block its examples in another. The examples were dealt out by
 * a random hash, so that this mixes as well as one permutation of all would, and any place in it
 * can be gone to without going through what is before.
 */
final class EpochOrder {
  private final long seed;
  private final int[] blockOrder;

  EpochOrder(long seed, int worker, long epoch, int blocks) {
    this.seed = Seeds.of(seed, worker, epoch);
    this.blockOrder = permutation(blocks, new SplittableRandom(this.seed));
  }

  /** The blocks' numbers in the order in which they are visited. */
  int[] blocks() {
    return blockOrder;
  }

  /**
   * The order of the examples within a block.
   *
   * @param visit the block's place among those visited, from 0
   * @param size of the block
   */
  int[] examples(int visit, int size) {
    return permutation(size, new SplittableRandom(Seeds.of(seed, 1, visit)));
  }

  /** Fisher and Yates, as in Durstenfeld 1964. */
  private static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
