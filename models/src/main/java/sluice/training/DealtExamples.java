package sluice.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import scala.Tuple2;
import sluice.network.InputLayout;

/**
 * Examples dealt out to logical workers, once, and kept between rounds. They are ordered by a
 * seeded hash of their key and then the key; the example at rank r belongs to worker r mod workers.
 * Who has what and in which order therefore depends on the examples, the seed and the number of
 * workers, and on nothing else. A worker's examples are one partition, blocks of {@value
 * Block#SIZE}.
 */
final class DealtExamples implements AutoCloseable {
  private final JavaRDD<Block> blocks;
  private final long[] sizes;

  private DealtExamples(JavaRDD<Block> blocks, long[] sizes) {
    this.blocks = blocks;
    this.sizes = sizes;
  }

  /**
   * Deals out the rows of a feature table.
   *
   * @param features rows with {@code key}, {@code label} and the layout's groups
   */
  static DealtExamples of(
      Dataset<Row> features, InputLayout layout, int workers, ExampleStorage storage, long seed) {
    FeatureRows reader = new FeatureRows(layout);
    Column hash = functions.xxhash64(functions.lit(seed), functions.col("key"));
    JavaRDD<InternalRow> sorted =
        FeatureRows.internal(features.orderBy(hash, functions.col("key")).select(reader.columns()));
    long[] firstRanks = firstRanks(sorted);
    JavaPairRDD<Place, Block> pieces =
        sorted
            .mapPartitionsWithIndex(
                (partition, rows) -> deal(rows, reader, firstRanks[partition], workers), false)
            .mapToPair(piece -> piece);
    JavaRDD<Block> blocks =
        pieces
            .repartitionAndSortWithinPartitions(new Place.ByWorker(workers), new Place.Order())
            .values()
            .mapPartitions(parts -> join(parts, reader), true)
            .persist(storage.level());
    long[] sizes = new long[workers];
    for (Tuple2<Integer, Long> size :
        blocks
            .mapPartitionsWithIndex(
                (worker, part) -> {
                  long size = 0;
                  while (part.hasNext()) {
                    size += part.next().size();
                  }
                  return List.of(new Tuple2<>(worker, size)).iterator();
                },
                true)
            .collect()) {
      sizes[size._1()] = size._2();
    }
    return new DealtExamples(blocks, sizes);
  }

  /** The blocks; partition i belongs to worker i. */
  JavaRDD<Block> blocks() {
    return blocks;
  }

  /** How many examples each worker has. */
  long[] sizes() {
    return sizes.clone();
  }

  /** How many examples the worker has that has most. */
  long most() {
    return Arrays.stream(sizes).max().orElse(0);
  }

  /** How many examples there are. */
  long size() {
    return Arrays.stream(sizes).sum();
  }

  @Override
  public void close() {
    blocks.unpersist(false);
  }

  private static long[] firstRanks(JavaRDD<InternalRow> sorted) {
    List<Long> counts =
        sorted
            .mapPartitions(
                rows -> {
                  long count = 0;
                  while (rows.hasNext()) {
                    rows.next();
                    count++;
                  }
                  return List.of(count).iterator();
                })
            .collect();
    long[] first = new long[counts.size()];
    for (int i = 1; i < first.length; i++) {
      first[i] = first[i - 1] + counts.get(i - 1);
    }
    return first;
  }

  private static Iterator<Tuple2<Place, Block>> deal(
      Iterator<InternalRow> rows, FeatureRows reader, long firstRank, int workers) {
    float[] numbers = new float[reader.numbersEach()];
    int[] indices = new int[reader.indicesEach()];
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
      public Tuple2<Place, Block> next() {
        while (rows.hasNext()) {
          int worker = (int) (rank % workers);
          Block block = open[worker];
          if (block == null) {
            block = new Block(reader.numbersEach(), reader.indicesEach());
            open[worker] = block;
            ranks[worker] = rank;
          }
          reader.read(rows.next(), numbers, indices, block::add);
          rank++;
          if (block.isFull()) {
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

      private Tuple2<Place, Block> take(int worker) {
        Block block = open[worker];
        open[worker] = null;
        block.trim();
        return new Tuple2<>(new Place(worker, ranks[worker]), block);
      }
    };
  }

  /** Blocks of full size from the pieces that the sorted partitions left. */
  private static Iterator<Block> join(Iterator<Block> pieces, FeatureRows reader) {
    List<Block> whole = new ArrayList<>();
    Block last = new Block(reader.numbersEach(), reader.indicesEach());
    while (pieces.hasNext()) {
      Block piece = pieces.next();
      for (int i = 0; i < piece.size(); i++) {
        last.add(piece, i);
        if (last.isFull()) {
          whole.add(last);
          last = new Block(reader.numbersEach(), reader.indicesEach());
        }
      }
    }
    if (last.size() > 0) {
      last.trim();
      whole.add(last);
    }
    return whole.iterator();
  }
}
