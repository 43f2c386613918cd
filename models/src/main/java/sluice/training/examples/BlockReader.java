package sluice.training.examples;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.network.Batch;
import sluice.network.Batcher;

/**
 * Minibatches of compact blocks, in each epoch's order. Of a worker's blocks one at a time is kept
 * in memory.
 */
public final class BlockReader implements ExampleReader<Block> {
  private static final long serialVersionUID = 1L;

  private final Batcher batcher;
  private final WorkerBlocks blocks;
  private final int batchSize;
  private final long seed;

  /**
   * @param blocks that the workers have
   * @param seed of the epochs' orders
   */
  public BlockReader(Batcher batcher, WorkerBlocks blocks, int batchSize, long seed) {
    this.batcher = batcher;
    this.blocks = blocks;
    this.batchSize = batchSize;
    this.seed = seed;
  }

  @Override
  public Minibatches read(int worker, Iterator<Block> shard, MinibatchRange range) {
    return new Walk(worker, shard, range);
  }

  /**
   * The blocks that a worker goes through in a range, in their order; one that several epochs go
   * through is there several times.
   */
  int[] schedule(int worker, MinibatchRange range) {
    IntStream.Builder schedule = IntStream.builder();
    long first = (long) range.firstMinibatch() * batchSize;
    long end = Math.min(blocks.size(worker), (long) range.endMinibatch() * batchSize);
    for (int epoch = range.firstEpoch(); epoch < range.endEpoch(); epoch++) {
      long position = 0;
      for (int block : order(worker, epoch).blocks()) {
        long next = position + blocks.size(worker, block);
        if (position < end && next > first) {
          schedule.add(block);
        }
        position = next;
      }
    }
    return schedule.build().toArray();
  }

  private EpochOrder order(int worker, int epoch) {
    return new EpochOrder(seed, worker, epoch, blocks.blocks(worker));
  }

  /** One worker's walk. Its buffers serve all minibatches of full size. */
  private final class Walk implements Minibatches {
    private final int worker;
    private final MinibatchRange range;
    private final Iterator<Block> shard;
    private final Batch batch = batcher.batch(batchSize);

    /** By their shapes: full minibatches, and the last of an epoch. */
    private final Map<List<Integer>, MultiDataSet> made = new HashMap<>();

    /** The examples of the minibatch. */
    private final Block gathered = new Block(batcher.layout(), batcher.targets().size());

    private int epoch;
    private int index;
    private EpochOrder order;
    private int visit;

    /** The block that the cursor is in; null before it is read. */
    private @Nullable Block block;

    private int[] within = new int[0];
    private int at;

    Walk(int worker, Iterator<Block> shard, MinibatchRange range) {
      this.worker = worker;
      this.range = range;
      this.epoch = range.firstEpoch();
      this.index = range.firstMinibatch() - 1;
      this.shard = shard;
      this.order = order(worker, epoch);
      goToStart();
    }

    /** Puts the cursor before the first minibatch that the range has in the epoch. */
    private void goToStart() {
      long position = Math.min(blocks.size(worker), (long) range.firstMinibatch() * batchSize);
      visit = 0;
      while (visit < order.blocks().length
          && position >= blocks.size(worker, order.blocks()[visit])) {
        position -= blocks.size(worker, order.blocks()[visit++]);
      }
      at = (int) position;
      block = null;
    }

    private Block enter() {
      Block next = shard.next();
      within = order.examples(visit, next.size());
      block = next;
      return next;
    }

    @Override
    public boolean advance() {
      while (epoch < range.endEpoch()) {
        index++;
        if (index < range.endMinibatch() && visit < order.blocks().length) {
          gather();
          return true;
        }
        epoch++;
        index = range.firstMinibatch() - 1;
        order = order(worker, epoch);
        goToStart();
      }
      return false;
    }

    private void gather() {
      gathered.clear();
      while (gathered.size() < batchSize && visit < order.blocks().length) {
        Block from = block == null ? enter() : block;
        gathered.add(from, within[at++]);
        if (at == within.length) {
          visit++;
          at = 0;
          block = null;
        }
      }
      batcher.fill(batch, gathered.examples(), gathered.labels(), 0, gathered.size());
    }

    @Override
    public int epoch() {
      return epoch;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int examples() {
      return gathered.size();
    }

    @Override
    public MultiDataSet arrays() {
      MultiDataSet arrays = made.computeIfAbsent(batch.shape(), shape -> batch.arrays());
      batch.fill(arrays);
      return arrays;
    }

    @Override
    public void close() {
      made.values().forEach(batch::close);
    }
  }
}
