package sluice.training.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.RowTables;

/**
 * What the driver must have room for in a round: the results of up to {@value
 * AveragingEngine#COLLECTED} workers, their sum in double precision, and the state that they
 * started from. Large tables are there once, with the parameters of the best epoch, since only rows
 * of them are exchanged; what is frozen is there before a round and behind it.
 *
 * @param parameters of the network
 * @param updaterState numbers of the updater's state that are averaged too
 * @param ownState numbers of the updater's state that each worker keeps for itself
 * @param tables of which rows are exchanged
 * @param workers whose results are averaged
 */
public record DriverRoom(
    long parameters, long updaterState, long ownState, RowTables tables, int workers) {
  private static final double MIB = 1 << 20;

  /** Of the sum two, since it is of doubles, and one of the state. */
  private static final int BESIDES = 3;

  /** Of what workers keep for themselves that before the round and that behind it. */
  private static final int OWN = 2;

  /**
   * What rounds of a network need.
   *
   * @param kept what becomes of the updater's state
   * @param tables that it has
   */
  public static DriverRoom of(Network network, UpdaterState kept, RowTables tables, int workers) {
    INDArray updater = network.updaterView();
    long state = updater == null ? 0 : updater.length();
    boolean averaged = kept == UpdaterState.AVERAGED;
    return new DriverRoom(
        network.model().numParams(),
        averaged ? state : 0,
        kept == UpdaterState.LOCAL ? state : 0,
        averaged ? tables : tables.withoutStates(),
        workers);
  }

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
    double tableParameters = tables.parametersOfTables();
    double tableNumbers = tables.numbersOfTables();
    double each = Float.BYTES * (parameters + updaterState - tableNumbers);
    double own = (double) Float.BYTES * ownState * workers;
    double needed =
        each * (collected + BESIDES)
            + own * OWN
            + Float.BYTES * (tableNumbers + tableParameters * (tables.learn() ? 1 : 2));
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
    double results = each * collected + own;
    if (most > 0 && results > most) {
      problems.add(
          String.format(
              Locale.ROOT,
              "spark.driver.maxResultSize must be at least %,.0f MiB for the results of %d workers with %,d parameters, or 0 for no limit, got %,.0f MiB",
              Math.ceil(results / MIB),
              own > 0 ? workers : collected,
              parameters,
              most / MIB));
    }
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
  }
}
