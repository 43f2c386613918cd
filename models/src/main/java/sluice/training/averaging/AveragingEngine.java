package sluice.training.averaging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.FutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.CollectionAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Range$;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.RowTables;
import sluice.training.examples.ExampleReader;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;
import sluice.training.examples.Shards;

/**
 * Rounds of synchronous parameter averaging (local SGD: McDonald et al. 2010, Stich 2019). In each,
 * logical workers start from the same parameters, take some steps on minibatches of their own
 * examples, and their parameters are averaged, weighted by examples. A round is one Spark job, a
 * task a pure function of what it is sent and of its partition: one that is lost is run again and
 * changes nothing.
 *
 * <p>Parameters and updater states go out by broadcasts, which are destroyed after the round, and
 * come back as plain arrays; of large tables, as {@link RowTables} has them, the rows that a round
 * has changed. Executors keep the others. When one has none, as it is new, the round is run again
 * with all of the network sent: its result is the same. With more than {@value #COLLECTED} workers
 * they are added up on executors first, along the same tree as on the driver, so that the driver
 * never takes more than {@value #COLLECTED} sums; updater states that workers keep for themselves
 * come back one by one.
 *
 * @param <T> what the examples are kept as
 */
public final class AveragingEngine<T> implements Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingEngine.class);

  /** Up to this many worker results go straight to the driver: two to the power of the depth. */
  static final int COLLECTED = 8;

  private static final int DEPTH = 3;

  private final JavaSparkContext spark;
  private final Shards<T> shards;
  private final ExampleReader<T> reader;
  private final AveragedNetwork network;
  private final Settings settings;
  private final ReplicaPool.Lender lender;
  private final int workers;

  /**
   * How it averages.
   *
   * @param updaterState what becomes of the updaters' states
   * @param outer where the parameters go after a round
   * @param ema which average over the steps is kept beside them
   * @param seed of dropout
   * @param timeoutSeconds after which a round is given up; 0 for never
   * @param updaterStart the step at which the updaters' states began as zeros
   */
  public record Settings(
      UpdaterState updaterState,
      OuterOptimiser outer,
      WeightAverage ema,
      long seed,
      int timeoutSeconds,
      int updaterStart) {
    /** The same for updaters that begin at a step. */
    public Settings withUpdaterStart(int step) {
      return new Settings(updaterState, outer, ema, seed, timeoutSeconds, step);
    }
  }

  /**
   * @param shards what the workers hold
   * @param network tells the learning rates; is not changed
   * @param lender lends replicas of it
   * @param state to start from; its velocity is taken over, and of a network with large tables its
   *     parameters and the updater's state
   */
  public AveragingEngine(
      JavaSparkContext spark,
      Shards<T> shards,
      ExampleReader<T> reader,
      Network network,
      ReplicaPool.Lender lender,
      Settings settings,
      AveragingState state) {
    this(spark, shards, reader, network, lender, settings, state, spark.isLocal());
  }

  /**
   * @param inProcess whether tasks are in this process
   */
  AveragingEngine(
      JavaSparkContext spark,
      Shards<T> shards,
      ExampleReader<T> reader,
      Network network,
      ReplicaPool.Lender lender,
      Settings settings,
      AveragingState state,
      boolean inProcess) {
    this.spark = spark;
    this.shards = shards;
    this.reader = reader;
    this.network =
        new AveragedNetwork(network, lender.factory().tables(), settings, state, inProcess);
    this.lender = lender;
    this.settings = settings;
    this.workers = shards.workers();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if it does not end in time; says which workers are not done
   */
  @Override
  public Outcome round(MinibatchRange range, String description) {
    long begun = System.nanoTime();
    spark.sc().setJobDescription(description);
    WeightedSum sum = sum(range, description, network.goesOutWhole());
    if (sum.isLacking()) {
      sum = sum(range, description, true);
    }
    if (sum.isLacking()) {
      throw new IllegalStateException(description + ": failed: executors have no network");
    }
    double divergence = network.take(sum, range);
    TimeBreakdown spent =
        new TimeBreakdown(
            (System.nanoTime() - begun) / 1e9,
            Math.min(workers, spark.defaultParallelism()),
            sum.compute(),
            sum.data());
    return new Outcome(1, sum.examples(), sum.lossSum(), divergence, spent);
  }

  /**
   * @param all whether the whole network goes out, which it does anyway without large tables
   */
  private WeightedSum sum(MinibatchRange range, String description, boolean all) {
    RoundTask.Sent sent =
        new RoundTask.Sent(
            spark.broadcast(network.round(range)), all ? spark.broadcast(network.whole()) : null);
    List<Broadcast<FloatVector>> states = new ArrayList<>();
    state()
        .localStates()
        .values()
        .forEach(own -> states.add(spark.broadcast(new FloatVector(own))));
    try {
      CollectionAccumulator<Integer> done = spark.sc().collectionAccumulator("workers done");
      RoundTask<T> task =
          new RoundTask<>(reader, lender, sent, states, settings.updaterState(), done);
      RDD<WorkerResult> results =
          shards
              .of(range)
              .rdd()
              .mapPartitionsWithIndex(task, true, ClassTag.apply(WorkerResult.class));
      return sum(results, sent, description, done);
    } finally {
      sent.destroy();
      states.forEach(Broadcast::destroy);
    }
  }

  private WeightedSum sum(
      RDD<WorkerResult> results,
      RoundTask.Sent sent,
      String description,
      CollectionAccumulator<Integer> done) {
    UpdaterState kept = settings.updaterState();
    RowTables rows = network.tables();
    if (workers <= COLLECTED) {
      return WeightedSum.of(collect(results, description, done), kept, rows, network.whole());
    }
    WorkerTree tree = new WorkerTree(workers, DEPTH);
    return tree.root(
        collect(
            results
                .toJavaRDD()
                .mapToPair(result -> new Tuple2<>(result.worker(), result))
                .partitionBy(tree)
                .values()
                .mapPartitions(
                    part -> {
                      List<WorkerResult> node = new ArrayList<>();
                      part.forEachRemaining(node::add);
                      node.sort(Comparator.comparingInt(WorkerResult::worker));
                      return List.of(WeightedSum.of(node, kept, rows, sent.start())).iterator();
                    })
                .rdd(),
            description,
            done),
        rows,
        network.whole());
  }

  /**
   * The one element of each partition, in the partitions' order, but does not wait for ever. The
   * accumulator tells people what to look at, and decides nothing.
   */
  private <R> List<R> collect(
      RDD<R> results, String description, CollectionAccumulator<Integer> done) {
    Object[] collected = new Object[results.getNumPartitions()];
    FutureAction<Object> job =
        spark
            .sc()
            .submitJob(
                results,
                new Single<R>(),
                Range$.MODULE$.apply(0, collected.length),
                (partition, element) -> {
                  collected[(int) partition] = element;
                  return BoxedUnit.UNIT;
                },
                () -> BoxedUnit.UNIT);
    try {
      Await.result(
          job,
          settings.timeoutSeconds() == 0
              ? Duration.Inf()
              : Duration.apply(settings.timeoutSeconds(), TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      job.cancel();
      SortedSet<Integer> missing = new TreeSet<>();
      for (int worker = 0; worker < workers; worker++) {
        missing.add(worker);
      }
      missing.removeAll(done.value());
      throw new IllegalStateException(
          "%s: a round must end within %d s (train.round-timeout-seconds); not done are logical workers %s"
              .formatted(description, settings.timeoutSeconds(), missing),
          e);
    } catch (InterruptedException e) {
      job.cancel();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(description + ": interrupted", e);
    } catch (Exception e) {
      // Spark throws checked exceptions without declaring them.
      if (isOfHeap(String.valueOf(e.getMessage()))) {
        LOG.error("{}: failed", description, e);
        throw InvalidInput.configuration(
            "%s: the Java heap of %,d MiB is too small for a round: SLUICE_DRIVER_MEMORY gives it more, or spark.driver.memory and spark.executor.memory with spark-submit"
                .formatted(description, Runtime.getRuntime().maxMemory() >> 20));
      }
      throw new IllegalStateException(description + ": failed: " + e.getMessage(), e);
    }
    @SuppressWarnings("unchecked")
    List<R> elements = (List<R>) Arrays.asList(collected);
    return elements;
  }

  /** Streams of objects have a message of their own in the place of what ended them. */
  private static boolean isOfHeap(String message) {
    return message.contains("Java heap space") || message.contains("unread block data");
  }

  /** Takes the one element of a partition; not a lambda, for the reason that RoundTask is none. */
  private static final class Single<R> extends AbstractFunction1<Iterator<R>, R>
      implements scala.Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public R apply(Iterator<R> partition) {
      return partition.next();
    }
  }

  @Override
  public AveragingState state() {
    return network.state();
  }

  /** Lets go of the network; who lent replicas of it lets go of those. */
  @Override
  public void close() {
    network.release(spark);
  }
}
