package sluice.training.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import sluice.network.Network;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.network.TableRows;
import sluice.training.examples.FloatVector;
import sluice.training.examples.MinibatchRange;

/**
 * The network that rounds average, as the driver has it: what of it goes out, and what becomes of
 * it. Of large tables there is one copy, which each round overwrites.
 */
final class AveragedNetwork {
  /** Tells its rounds from those of others. */
  private final String training = UUID.randomUUID().toString();

  private final Network network;
  private final RowTables tables;
  private final AveragingEngine.Settings settings;
  private final boolean inProcess;
  private AveragingState state;

  /** The number of the next round. */
  private int number;

  /** The rows of large tables that the last round has changed. */
  private TableRows changed = TableRows.NONE;

  /**
   * @param network tells the learning rates; is not changed
   * @param tables that it has
   * @param state to start from; its velocity is taken over, with large tables its parameters and
   *     the updater's state, too
   * @param inProcess whether tasks are in this process, and find this network itself
   */
  AveragedNetwork(
      Network network,
      RowTables tables,
      AveragingEngine.Settings settings,
      AveragingState state,
      boolean inProcess) {
    this.network = network;
    this.tables =
        settings.updaterState() == UpdaterState.AVERAGED ? tables : tables.withoutStates();
    this.settings = settings;
    this.state = state;
    this.inProcess = inProcess;
  }

  AveragingState state() {
    return state;
  }

  /** Of whose rows the values are exchanged that are averaged. */
  RowTables tables() {
    return tables;
  }

  /** What goes out to executors, which keep all other rows of large tables, or find them here. */
  Round round(MinibatchRange range) {
    float[] updaterState =
        switch (settings.updaterState()) {
          case AVERAGED -> tables.restOfState(state.updaterState());
          case RESET -> tables.isEmpty() ? state.updaterState() : new float[0];
          case LOCAL -> new float[0];
        };
    Replica.Changes start =
        new Replica.Changes(
            tables.rest(state.parameters()), updaterState, inProcess ? TableRows.NONE : changed);
    Round round =
        new Round(
            training,
            number,
            tables,
            Exchange.of(start),
            settings.seed(),
            settings.updaterStart(),
            range);
    if (inProcess) {
      WholeNetwork.keep(round, whole());
    }
    return round;
  }

  /**
   * Whether the next round's executors have no rows of large tables, or others than the round
   * starts from.
   */
  boolean goesOutWhole() {
    return !inProcess
        && !tables.isEmpty()
        && (number == 0 || (tables.learn() && !settings.outer().keepsUnmoved()));
  }

  WholeNetwork whole() {
    return new WholeNetwork(
        new FloatVector(state.parameters()),
        new FloatVector(
            settings.updaterState() == UpdaterState.LOCAL ? new float[0] : state.updaterState()));
  }

  /**
   * Goes on to where a round leads.
   *
   * @return the divergence of its workers, as {@link Divergence} has it
   */
  double take(WeightedSum sum, MinibatchRange range) {
    float[] start = state.parameters();
    float[] rest = sum.meanParameters();
    changed = sum.meanRows();
    double squaredDistance = tables.squaredDistance(rest, changed, start);
    float[] mean = tables.isEmpty() ? rest : put(rest, start);
    float[] next = settings.outer().next(start, mean, state.velocity(), meanRates(range));
    SortedMap<Integer, float[]> localStates = new TreeMap<>(state.localStates());
    localStates.putAll(sum.localStates());
    state =
        new AveragingState(
            next,
            settings.ema().next(state.average(), next, range.begin(), range.end()),
            updaterState(sum),
            state.velocity(),
            localStates);
    number++;
    return Divergence.of(sum.meanSquaredDistance(), squaredDistance, mean);
  }

  /**
   * The mean of all parameters where there are tables: of those that learn in the place of where
   * the round started, unless the outer optimiser needs both, since there may be no room for
   * another.
   */
  private float[] put(float[] rest, float[] start) {
    float[] mean = tables.learn() && settings.outer().keepsUnmoved() ? start : start.clone();
    tables.putRest(rest, mean);
    tables.put(changed, mean, state.updaterState());
    return mean;
  }

  /** The updater's state after a round, of which {@link #put} has written the rows of tables. */
  private float[] updaterState(WeightedSum sum) {
    if (settings.updaterState() != UpdaterState.AVERAGED) {
      return state.updaterState();
    }
    if (!tables.learn()) {
      return sum.meanUpdaterState();
    }
    tables.putRestOfState(sum.meanUpdaterState(), state.updaterState());
    return state.updaterState();
  }

  /**
   * The parameters by their mean learning rates over the round's steps. SlowMo has one rate within
   * a round; where a schedule changes it from step to step, the change of the round is as large as
   * that of as many steps at the mean.
   */
  private List<Network.Span> meanRates(MinibatchRange range) {
    List<Network.Span> first = network.spans(range.begin(), range.firstEpoch());
    double[] beyondFirst = new double[first.size()];
    int steps = 0;
    for (int epoch = range.firstEpoch(); epoch < range.endEpoch(); epoch++) {
      for (int i = range.firstMinibatch(); i < range.endMinibatch(); i++) {
        List<Network.Span> now = network.spans(range.iteration(epoch, i), epoch);
        for (int span = 0; span < beyondFirst.length; span++) {
          beyondFirst[span] += now.get(span).rate() - first.get(span).rate();
        }
        steps++;
      }
    }
    List<Network.Span> mean = new ArrayList<>();
    for (int span = 0; span < beyondFirst.length; span++) {
      Network.Span one = first.get(span);
      // Added to the first rate, so that a constant one stays as it is to the bit.
      mean.add(new Network.Span(one.from(), one.to(), one.rate() + beyondFirst[span] / steps));
    }
    return mean;
  }

  /** Lets go of what processes keep for the next round. */
  void release(JavaSparkContext spark) {
    if (!tables.isEmpty()) {
      String ended = training;
      ExecutorRelease.everywhere(spark, () -> WholeNetwork.release(ended));
    }
  }
}
