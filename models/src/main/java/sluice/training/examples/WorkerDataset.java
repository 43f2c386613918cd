package sluice.training.examples;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import scala.Tuple2;
import sluice.network.Batcher;
import sluice.network.Example;

/**
 * Examples dealt out to logical workers, once, and kept between rounds. They are ordered by a
 * seeded hash of their key and then the key; the example at rank r belongs to worker r mod workers.
 * Who has what and in which order therefore depends on the examples, the seed and the number of
 * workers, and on nothing else. They are kept in blocks of {@value WorkerBlocks#MOST_EXAMPLES},
 * fewer if they weigh more than {@value WorkerBlocks#MOST_BYTES} bytes, each a partition, so that a
 * round reads from disk only what it trains, and no more than one block of a worker has to fit into
 * memory.
 */
public final class WorkerDataset implements AutoCloseable {
  /** A piece of a block ends with the example that makes it so many bytes. */
  private static final int PIECE_BYTES = 1 << 20;

  private final JavaRDD<Block> blocks;
  private final WorkerBlocks workerBlocks;

  /**
   * @param blocks a partition for each, one worker's behind the other's
   */
  private WorkerDataset(JavaRDD<Block> blocks, WorkerBlocks workerBlocks) {
    this.blocks = blocks;
    this.workerBlocks = workerBlocks;
  }

  /**
   * Deals out the rows of a feature table.
   *
   * @param features rows with {@code key}, {@code label} and the layout's groups; the label is a
   *     struct of all where there are several targets
   */
  public static WorkerDataset of(
      Dataset<Row> features, Batcher batcher, int workers, ExampleStorage storage, long seed) {
    FeatureRows reader = new FeatureRows(batcher.layout(), batcher.targets());
    Column hash = functions.xxhash64(functions.lit(seed), functions.col("key"));
    JavaRDD<InternalRow> sorted =
        FeatureRows.internal(features.orderBy(hash, functions.col("key")).select(reader.columns()));
    Parts parts = Parts.of(sorted, reader);
    WorkerBlocks divided = WorkerBlocks.of(parts.examples(), parts.bytes(), workers);
    int blockSize = divided.blockSize();
    JavaPairRDD<WorkerRank, Block> pieces =
        sorted
            .mapPartitionsWithIndex(
                (partition, rows) ->
                    deal(rows, reader, parts.firstRanks()[partition], workers, blockSize),
                false)
            .mapToPair(piece -> piece);
    JavaRDD<Block> blocks =
        pieces
            .repartitionAndSortWithinPartitions(
                new WorkerRank.ByBlock(divided), new WorkerRank.Order())
            .values()
            .mapPartitions(some -> join(some, reader), true)
            .persist(storage.level());
    WorkerDataset dealt = new WorkerDataset(blocks, divided);
    // Made by a task for each worker, all blocks of a worker are on the executor that trains it.
    dealt.blocks().count();
    return dealt;
  }

  /** The blocks; partition i belongs to worker i. */
  public JavaRDD<Block> blocks() {
    return visiting(worker -> IntStream.range(0, workerBlocks.blocks(worker)).toArray());
  }

  /** What a reader goes through, as it goes through it. */
  public Shards<Block> shards(BlockReader reader) {
    return new Shards<>() {
      @Override
      public int workers() {
        return workerBlocks.workers();
      }

      @Override
      public JavaRDD<Block> of(MinibatchRange range) {
        return visiting(worker -> reader.schedule(worker, range));
      }
    };
  }

  private JavaRDD<Block> visiting(IntFunction<int[]> schedule) {
    int[] firstBlocks = workerBlocks.firstBlocks();
    int[][] partitions = new int[workerBlocks.workers()][];
    for (int worker = 0; worker < partitions.length; worker++) {
      int first = firstBlocks[worker];
      partitions[worker] =
          Arrays.stream(schedule.apply(worker)).map(block -> first + block).toArray();
    }
    return PartitionSchedule.of(blocks, partitions);
  }

  /** How many examples each worker has, and in which blocks. */
  public WorkerBlocks workerBlocks() {
    return workerBlocks;
  }

  /** How many examples the worker has that has most. */
  public long most() {
    return Arrays.stream(workerBlocks.sizes()).max().orElse(0);
  }

  /** How many examples there are. */
  public long size() {
    return workerBlocks.size();
  }

  @Override
  public void close() {
    // Waits: a session that ends meanwhile deletes the files, and Spark warns of each.
    blocks.unpersist(true);
  }

  /**
   * What there is before it is dealt out.
   *
   * @param firstRanks the rank of each partition's first example, and behind the last how many
   * @param bytes of all examples
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parts(long[] firstRanks, long bytes) implements Serializable {
    static Parts of(JavaRDD<InternalRow> sorted, FeatureRows reader) {
      List<long[]> counts =
          sorted
              .mapPartitions(
                  rows -> {
                    long count = 0;
                    long bytes = 0;
                    while (rows.hasNext()) {
                      bytes += reader.bytes(rows.next());
                      count++;
                    }
                    return List.of(new long[] {count, bytes}).iterator();
                  })
              .collect();
      long[] first = new long[counts.size() + 1];
      for (int i = 0; i < counts.size(); i++) {
        first[i + 1] = first[i] + counts.get(i)[0];
      }
      return new Parts(first, counts.stream().mapToLong(part -> part[1]).sum());
    }

    long examples() {
      return firstRanks[firstRanks.length - 1];
    }
  }

  private static Iterator<Tuple2<WorkerRank, Block>> deal(
      Iterator<InternalRow> rows, FeatureRows reader, long firstRank, int workers, int blockSize) {
    Example example = new Example(reader.layout());
    float[] labels = new float[reader.labelsEach()];
    return new Iterator<>() {
      private final Block[] open = new Block[workers];
      private final long[] ranks = new long[workers];
      private long rank = firstRank;
      private int flushed;

      @Override
      public boolean hasNext() {
        return rows.hasNext() || nextOpen() < workers;
      }

      @Override
      public Tuple2<WorkerRank, Block> next() {
        while (rows.hasNext()) {
          int worker = (int) (rank % workers);
          Block block = open[worker];
          if (block == null) {
            block = reader.block();
            open[worker] = block;
            ranks[worker] = rank;
          }
          reader.read(rows.next(), example, labels);
          block.add(example, labels);
          boolean endsBlock = rank / workers % blockSize == blockSize - 1;
          rank++;
          // Spark looks at the memory of what it sorts only now and then: pieces must be small.
          if (endsBlock || block.bytes() >= PIECE_BYTES) {
            return take(worker);
          }
        }
        return take(nextOpen());
      }

      private int nextOpen() {
        while (flushed < workers && open[flushed] == null) {
          flushed++;
        }
        return flushed;
      }

      private Tuple2<WorkerRank, Block> take(int worker) {
        Block block = open[worker];
        open[worker] = null;
        block.trim();
        return new Tuple2<>(new WorkerRank(worker, ranks[worker]), block);
      }
    };
  }

  /** The one block whose pieces they are, or none. */
  private static Iterator<Block> join(Iterator<Block> pieces, FeatureRows reader) {
    if (!pieces.hasNext()) {
      return Collections.emptyIterator();
    }
    Block block = reader.block();
    while (pieces.hasNext()) {
      Block piece = pieces.next();
      for (int i = 0; i < piece.size(); i++) {
        block.add(piece, i);
      }
    }
    block.trim();
    return List.of(block).iterator();
  }
}
