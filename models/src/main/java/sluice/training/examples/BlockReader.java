package sluice.training.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import sluice.network.Batcher;
import sluice.network.FloatArrays;
import sluice.network.Target;

/**
 * Minibatches of compact blocks, in each epoch's order. Of a worker's blocks one at a time is kept
 * in memory.
 */
public final class BlockReader implements ExampleReader<Block> {
  private static final long serialVersionUID = 1L;

  private final Batcher batcher;
  private final Target target;
  private final float[] classWeights;
  private final long[] sizes;
  private final int batchSize;
  private final long seed;

  /**
   * @param classWeights what an example of each class counts for, or empty
   * @param sizes how many examples each worker has
   * @param seed of the epochs' orders
   */
  public BlockReader(
      Batcher batcher,
      Target target,
      float[] classWeights,
      long[] sizes,
      int batchSize,
      long seed) {
    this.batcher = batcher;
    this.target = target;
    this.classWeights = classWeights;
    this.sizes = sizes;
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
    long end = Math.min(sizes[worker], (long) range.endMinibatch() * batchSize);
    for (int epoch = range.firstEpoch(); epoch < range.endEpoch(); epoch++) {
      long position = 0;
      for (int block : order(worker, epoch).blocks()) {
        long next = position + sizeOf(worker, block);
        if (position < end && next > first) {
          schedule.add(block);
        }
        position = next;
      }
    }
    return schedule.build().toArray();
  }

  private EpochOrder order(int worker, int epoch) {
    return new EpochOrder(seed, worker, epoch, Block.number(sizes[worker]));
  }

  private int sizeOf(int worker, int block) {
    return (int) Math.min(Block.SIZE, sizes[worker] - (long) block * Block.SIZE);
  }

  /** One worker's walk. Its buffers serve all minibatches of full size. */
  private final class Walk implements Minibatches {
    private final int worker;
    private final MinibatchRange range;
    private final Iterator<Block> blocks;
    private final float[][] inputs = batcher.arrays(batchSize);
    private final float[] outputs = new float[batchSize * target.outputs()];
    private final float[] weights = new float[batchSize];
    private final List<Buffers> made = new ArrayList<>();
    private int epoch;
    private int index;
    private int examples;
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
      this.blocks = shard;
      this.order = order(worker, epoch);
      goToStart();
    }

    /** Puts the cursor before the first minibatch that the range has in the epoch. */
    private void goToStart() {
      long position = Math.min(sizes[worker], (long) range.firstMinibatch() * batchSize);
      visit = 0;
      while (visit < order.blocks().length && position >= sizeOf(worker, order.blocks()[visit])) {
        position -= sizeOf(worker, order.blocks()[visit++]);
      }
      at = (int) position;
      block = null;
    }

    private Block enter() {
      Block next = blocks.next();
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
      for (float[] input : inputs) {
        Arrays.fill(input, 0);
      }
      Arrays.fill(outputs, 0);
      examples = 0;
      while (examples < batchSize && visit < order.blocks().length) {
        Block from = block == null ? enter() : block;
        int example = within[at++];
        batcher.write(from.numbers(), from.indices(), example, inputs, examples);
        target.write(from.label(example), outputs, examples * target.outputs());
        if (classWeights.length > 0) {
          weights[examples] = classWeights[(int) from.label(example)];
        }
        examples++;
        if (at == within.length) {
          visit++;
          at = 0;
          block = null;
        }
      }
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
      return examples;
    }

    @Override
    public MultiDataSet arrays() {
      Buffers buffers =
          made.stream()
              .filter(some -> some.features[0].size(0) == examples)
              .findFirst()
              .orElseGet(
                  () -> {
                    Buffers some = new Buffers(examples);
                    made.add(some);
                    return some;
                  });
      return buffers.filled();
    }

    @Override
    public void close() {
      made.forEach(Buffers::close);
    }

    /** Native arrays of a minibatch. */
    private final class Buffers {
      private final INDArray[] features;
      private final INDArray labels;
      private final @Nullable INDArray mask;
      private final MultiDataSet all;

      Buffers(int rows) {
        this.features = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
          features[i] = FloatArrays.create(inputs[i], rows, batcher.inputs().get(i).width());
        }
        this.labels = FloatArrays.create(outputs, rows, target.outputs());
        if (classWeights.length == 0) {
          this.mask = null;
          this.all = new MultiDataSet(features, new INDArray[] {labels});
        } else {
          // A mask over the examples is multiplied into their losses: a weight.
          this.mask = FloatArrays.create(weights, rows, 1);
          this.all =
              new MultiDataSet(features, new INDArray[] {labels}, null, new INDArray[] {mask});
        }
      }

      MultiDataSet filled() {
        for (int i = 0; i < inputs.length; i++) {
          FloatArrays.fill(features[i], inputs[i]);
        }
        FloatArrays.fill(labels, outputs);
        if (mask != null) {
          FloatArrays.fill(mask, weights);
        }
        return all;
      }

      void close() {
        for (INDArray array : features) {
          array.close();
        }
        labels.close();
        if (mask != null) {
          mask.close();
        }
      }
    }
  }
}
