package sluice.training.averaging;

import java.io.Serializable;
import java.util.Collections;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has processes let go of what a training has left there. */
final class ExecutorRelease {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorRelease.class);

  /** Tasks that hang may hold all slots. */
  private static final int MOST_SECONDS = 10;

  private ExecutorRelease() {}

  /** What one process does. */
  @FunctionalInterface
  interface Release extends Serializable {
    void run();
  }

  /** In this process, and on executors that are others. */
  static void everywhere(JavaSparkContext spark, Release release) {
    release.run();
    if (!spark.isLocal() && !spark.sc().isStopped()) {
      onExecutors(spark, release);
    }
  }

  /**
   * On the executors, as far as the slots of one Spark job reach them. A training that is done does
   * not fail by it: after {@value #MOST_SECONDS} seconds it is given up.
   */
  static void onExecutors(JavaSparkContext spark, Release release) {
    int slots = spark.defaultParallelism();
    spark.sc().setJobDescription("train: executors let go of the network");
    JavaFutureAction<Void> job =
        spark
            .parallelize(Collections.nCopies(slots, 0), slots)
            .foreachPartitionAsync(part -> release.run());
    try {
      job.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      job.cancel(true);
      LOG.warn("executors may keep the memory of a training that is done: {}", e.toString());
    }
  }
}
