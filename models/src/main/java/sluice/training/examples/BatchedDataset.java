package sluice.training.examples;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Tuple2;

/**
 * Data sets of any sizes, cut into minibatches and kept between rounds. An example is identified by
 * its partition and its position there; in this order, some consecutive ones are a minibatch,
 * whatever data sets they came in, and minibatch m belongs to worker m mod workers. Every example
 * is in one minibatch; the last may be smaller.
 */
public final class BatchedDataset implements AutoCloseable {
  private final JavaRDD<PortableMinibatch> minibatches;
  private final long examples;
  private final int count;

  private BatchedDataset(JavaRDD<PortableMinibatch> minibatches, long examples, int count) {
    this.minibatches = minibatches;
    this.examples = examples;
    this.count = count;
  }

  /**
   * Cuts.
   *
   * @param sets read twice, and must be the same both times
   */
  public static BatchedDataset of(
      JavaRDD<MultiDataSet> sets, int batchSize, int workers, ExampleStorage storage) {
    long[] firstRanks = firstRanks(sets);
    long examples = firstRanks[firstRanks.length - 1];
    JavaRDD<PortableMinibatch> minibatches =
        sets.mapPartitionsWithIndex(
                (partition, part) -> cut(part, firstRanks[partition], batchSize, workers), false)
            .mapToPair(piece -> piece)
            .repartitionAndSortWithinPartitions(
                new WorkerRank.ByWorker(workers), new WorkerRank.Order())
            .mapPartitions(pieces -> join(pieces, batchSize), true)
            .persist(storage.level());
    return new BatchedDataset(
        minibatches, examples, Math.toIntExact((examples + batchSize - 1) / batchSize));
  }

  /** The minibatches; partition i belongs to worker i. */
  public JavaRDD<PortableMinibatch> minibatches() {
    return minibatches;
  }

  /** How many examples there are. */
  public long examples() {
    return examples;
  }

  /** How many minibatches there are, of all workers. */
  public int count() {
    return count;
  }

  @Override
  public void close() {
    minibatches.unpersist(false);
  }

  /** The rank of each partition's first example, and behind the last partition's all. */
  private static long[] firstRanks(JavaRDD<MultiDataSet> sets) {
    List<Long> counts =
        sets.mapPartitions(
                part -> {
                  long count = 0;
                  while (part.hasNext()) {
                    count += part.next().getFeatures(0).size(0);
                  }
                  return List.of(count).iterator();
                })
            .collect();
    long[] first = new long[counts.size() + 1];
    for (int i = 0; i < counts.size(); i++) {
      first[i + 1] = first[i] + counts.get(i);
    }
    return first;
  }

  private static Iterator<Tuple2<WorkerRank, PortableMinibatch>> cut(
      Iterator<MultiDataSet> sets, long firstRank, int batchSize, int workers) {
    return new Iterator<>() {
      private final List<Tuple2<WorkerRank, PortableMinibatch>> pieces = new ArrayList<>();
      private long rank = firstRank;
      private int next;

      @Override
      public boolean hasNext() {
        while (next == pieces.size() && sets.hasNext()) {
          pieces.clear();
          next = 0;
          pieces(sets.next());
        }
        return next < pieces.size();
      }

      private void pieces(MultiDataSet set) {
        long size = set.getFeatures(0).size(0);
        for (long from = 0; from < size; ) {
          long minibatch = rank / batchSize;
          long to = Math.min(size, from + (minibatch + 1) * batchSize - rank);
          pieces.add(
              new Tuple2<>(
                  new WorkerRank((int) (minibatch % workers), rank),
                  new PortableMinibatch(set, from, to)));
          rank += to - from;
          from = to;
        }
      }

      @Override
      public Tuple2<WorkerRank, PortableMinibatch> next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        return pieces.get(next++);
      }
    };
  }

  private static Iterator<PortableMinibatch> join(
      Iterator<Tuple2<WorkerRank, PortableMinibatch>> pieces, int batchSize) {
    return new Iterator<>() {
      private final List<PortableMinibatch> open = new ArrayList<>();
      private long minibatch = -1;

      @Override
      public boolean hasNext() {
        return pieces.hasNext() || !open.isEmpty();
      }

      @Override
      public PortableMinibatch next() {
        while (pieces.hasNext()) {
          Tuple2<WorkerRank, PortableMinibatch> piece = pieces.next();
          long belongsTo = piece._1().rank() / batchSize;
          if (belongsTo != minibatch && !open.isEmpty()) {
            PortableMinibatch whole = PortableMinibatch.joined(open);
            open.clear();
            open.add(piece._2());
            minibatch = belongsTo;
            return whole;
          }
          open.add(piece._2());
          minibatch = belongsTo;
        }
        PortableMinibatch last = PortableMinibatch.joined(open);
        open.clear();
        return last;
      }
    };
  }
}
