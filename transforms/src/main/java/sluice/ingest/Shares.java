package sluice.ingest;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * Pieces of a source, dealt out to tasks. Which there are is asked when they are first read, and
 * may take a job.
 */
final class Shares<T extends Serializable> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  /** What it takes to open a file, in bytes that are read in the same time. */
  private static final long OPEN_COST_BYTES = 32L << 10;

  /** A task reads no less, where there are files enough. */
  private static final long LEAST_SHARE_BYTES = 1L << 20;

  private final transient Supplier<List<List<T>>> shares;
  private final transient Function<T, List<String>> hosts;

  /**
   * @param shares what each task reads, none of them empty
   * @param hosts machines that hold a piece; a share is best read where its first is
   */
  Shares(
      SparkSession spark,
      Class<T> type,
      Supplier<List<List<T>>> shares,
      Function<T, List<String>> hosts) {
    super(
        spark.sparkContext(),
        JavaConverters.asScalaBuffer(List.<Dependency<?>>of()),
        ClassTag$.MODULE$.apply(type));
    this.shares = shares;
    this.hosts = hosts;
  }

  /**
   * Files that share a task, in their order: small ones many, since a file counts as if it were
   * larger by what can be read while it is opened.
   */
  static <F> List<List<F>> packed(SparkSession spark, List<F> files, ToLongFunction<F> bytes) {
    long all = files.stream().mapToLong(file -> bytes.applyAsLong(file) + OPEN_COST_BYTES).sum();
    long most =
        Math.min(
            spark.sessionState().conf().filesMaxPartitionBytes(),
            Math.max(LEAST_SHARE_BYTES, all / spark.leafNodeDefaultParallelism() + 1));
    List<List<F>> shares = new ArrayList<>();
    long filled = most;
    for (F file : files) {
      long cost = bytes.applyAsLong(file) + OPEN_COST_BYTES;
      if (filled + cost > most) {
        shares.add(new ArrayList<>());
        filled = 0;
      }
      shares.get(shares.size() - 1).add(file);
      filled += cost;
    }
    return shares;
  }

  /** What a task reads. */
  private record Share<T>(int index, List<T> pieces) implements Partition {}

  @Override
  public Partition[] getPartitions() {
    List<Partition> partitions = new ArrayList<>();
    for (List<T> pieces : shares.get()) {
      partitions.add(new Share<>(partitions.size(), new ArrayList<>(pieces)));
    }
    return partitions.toArray(Partition[]::new);
  }

  @Override
  public Seq<String> getPreferredLocations(Partition share) {
    return JavaConverters.asScalaBuffer(hosts.apply(pieces(share).get(0)));
  }

  @Override
  public Iterator<T> compute(Partition share, TaskContext task) {
    return JavaConverters.asScalaIterator(pieces(share).iterator());
  }

  @SuppressWarnings("unchecked") // there are no partitions but those of getPartitions
  private List<T> pieces(Partition share) {
    return ((Share<T>) share).pieces();
  }
}
