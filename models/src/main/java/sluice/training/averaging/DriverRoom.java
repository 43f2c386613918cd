package sluice.training.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import sluice.data.InvalidInput;

/**
 * What the driver must have room for in a round: the results of up to {@value
 * AveragingEngine#COLLECTED} workers, their sum in double precision, and the state that they
 * started from.
 *
 * @param parameters of the network
 * @param updaterState numbers of the updater's state that are averaged too
 * @param workers whose results are averaged
 */
public record DriverRoom(long parameters, long updaterState, int workers) {
  private static final double MIB = 1 << 20;

  /** Of the sum two, since it is of doubles, and one of the state. */
  private static final int BESIDES = 3;

  /**
   * Refuses a training that is sure to fail.
   *
   * @param heap the most bytes of the driver's heap
   * @throws InvalidInput (configuration) if the heap, or what Spark lets results take of it, is
   *     less than a round needs
   */
  public void require(SparkConf spark, long heap) {
    List<String> problems = new ArrayList<>();
    int collected = Math.min(workers, AveragingEngine.COLLECTED);
    double each = (double) Float.BYTES * (parameters + updaterState);
    double needed = each * (collected + BESIDES);
    if (needed > heap) {
      problems.add(
          String.format(
              Locale.ROOT,
              "model: to average %d workers' networks of %,d parameters the driver needs at least %,.0f MiB of Java heap, it has %,.0f: give it more (SLUICE_DRIVER_MEMORY, or spark.driver.memory with spark-submit), or make the network smaller, as embeddings by their dimension or by max-categories of the step index",
              workers,
              parameters,
              needed / MIB,
              heap / MIB));
    }
    long most = spark.getSizeAsBytes("spark.driver.maxResultSize", "1g");
    if (most > 0 && each * collected > most) {
      problems.add(
          String.format(
              Locale.ROOT,
              "spark.driver.maxResultSize must be at least %,.0f MiB for the results of %d workers with %,d parameters, or 0 for no limit, got %,.0f MiB",
              Math.ceil(each * collected / MIB),
              collected,
              parameters,
              most / MIB));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }
}
