package sluice.training;

import java.util.SplittableRandom;

/**
 * The order in which a logical worker goes through its examples in one epoch: its blocks in a
 * seeded permutation, and within each block its examples in another. The examples were dealt out by
 * a random hash, so that this mixes as well as one permutation of all would, and needs one block at
 * a time only.
 */
final class EpochOrder {
  private final SplittableRandom random;
  private final int[] blockOrder;

  EpochOrder(long seed, int worker, long epoch, int blocks) {
    this.random = new SplittableRandom(Seeds.of(seed, worker, epoch));
    this.blockOrder = permutation(blocks, random);
  }

  /** The blocks' numbers in the order in which they are visited. */
  int[] blocks() {
    return blockOrder;
  }

  /** The next block's examples in their order; to be called once a block, in the blocks' order. */
  int[] examples(int size) {
    return permutation(size, random);
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
