package sluice.network.compiled;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sluice.data.InvalidInput;
import sluice.network.Inference;
import sluice.network.Replica;
import sluice.network.RowTables;
import sluice.network.TableRows;

/**
 * A compiled network that holds of its large tables only the rows that it has read since its
 * parameters were set. All others are read from the arrays that it was given, which any number of
 * networks may share. It has as many slots for rows as it needs; when they do not suffice, it is
 * made anew with more.
 *
 * <p>Its steps come to what a {@link CompiledNetwork} comes to, to the bit unless gradients are
 * limited by their norm, which is then summed up in another order.
 *
 * <p>Not thread-safe.
 */
public final class SparseReplica implements Replica, Inference {
  private static final int LEAST_SLOTS = 1024;

  private final HeldTables tables;
  private final Function<HeldTables.Slots, CompiledNetwork> factory;

  /** The tables of the whole network. */
  private final RowTables whole;

  private CompiledNetwork network;
  private float[] parameters = {};
  private float[] state = {};

  /** Whether steps have changed rows that are held. */
  private boolean changed;

  private int iteration;
  private int updaterStart;
  private int epoch;

  private SparseReplica(HeldTables tables, Function<HeldTables.Slots, CompiledNetwork> factory) {
    this.tables = tables;
    this.factory = factory;
    network = factory.apply(table -> Math.min(LEAST_SLOTS, table.rows()));
    whole = tables.small().resized(tables.tables().stream().mapToInt(HeldRows::rows).toArray());
  }

  /**
   * A network for training, whose parameters are zeros; none if it has no large tables, if an
   * updater or a penalty changes rows that a step does not read, or if {@link
   * CompiledNetwork#training} gives none.
   */
  public static Optional<SparseReplica> of(
      MultiLayerConfiguration configuration, Products products) {
    return of(
        HeldTables.of(configuration),
        CompiledNetwork.trains(configuration),
        (tables, slots) -> CompiledNetwork.training(configuration, products, tables, slots));
  }

  /** {@link #of(MultiLayerConfiguration, Products)} of a graph. */
  public static Optional<SparseReplica> of(
      ComputationGraphConfiguration configuration, Products products) {
    return of(
        HeldTables.of(configuration),
        CompiledNetwork.trains(configuration),
        (tables, slots) -> CompiledNetwork.training(configuration, products, tables, slots));
  }

  /** A network that only predicts; none if it has no large tables, or does not compile. */
  public static Optional<SparseReplica> predicting(
      MultiLayerConfiguration configuration, Products products, float[] parameters) {
    return of(
            HeldTables.of(configuration),
            CompiledNetwork.compiles(configuration),
            (tables, slots) -> CompiledNetwork.predicting(configuration, products, tables, slots))
        .map(network -> network.with(parameters));
  }

  /** {@link #predicting(MultiLayerConfiguration, Products, float[])} of a graph. */
  public static Optional<SparseReplica> predicting(
      ComputationGraphConfiguration configuration, Products products, float[] parameters) {
    return of(
            HeldTables.of(configuration),
            CompiledNetwork.compiles(configuration),
            (tables, slots) -> CompiledNetwork.predicting(configuration, products, tables, slots))
        .map(network -> network.with(parameters));
  }

  private SparseReplica with(float[] all) {
    setParameters(all);
    return this;
  }

  /** Makes a network that holds some rows of its tables. */
  @FunctionalInterface
  private interface Factory {
    CompiledNetwork make(HeldTables tables, HeldTables.Slots slots);
  }

  private static Optional<SparseReplica> of(HeldTables tables, boolean compiles, Factory factory) {
    if (!compiles || tables.isEmpty()) {
      return Optional.empty();
    }
    SparseReplica replica = new SparseReplica(tables, slots -> factory.make(tables, slots));
    return tables.small().tables().stream()
            .allMatch(table -> replica.network.changesOnlyRowsRead(table.at()))
        ? Optional.of(replica)
        : Optional.empty();
  }

  /** The tables of the whole network. */
  public RowTables tables() {
    return whole;
  }

  @Override
  public float[] parameters() {
    float[] all = parameters.clone();
    put(all, state.clone());
    return all;
  }

  @Override
  public float[] updaterState() {
    float[] all = state.clone();
    put(parameters.clone(), all);
    return all;
  }

  private void put(float[] allParameters, float[] allState) {
    Changes changes = changes(whole);
    whole.putRest(changes.parameters(), allParameters);
    whole.putRestOfState(changes.updaterState(), allState);
    whole.put(changes.rows(), allParameters, allState);
  }

  @Override
  public void setParameters(float[] all) {
    require(whole.parameters(), "parameters", all.length);
    parameters = all;
    changed = false;
    float[] own = new float[tables.small().parameters()];
    tables.small().putRest(whole.rest(all), own);
    network.setParameters(own);
    for (int t = 0; t < whole.tables().size(); t++) {
      HeldRows held = tables.tables().get(t);
      held.clear();
      held.readFrom(all, whole.tables().get(t));
    }
  }

  @Override
  public void setUpdaterState(float[] all) {
    require(whole.updaterState(), "updater values", all.length);
    state = all;
    float[] own = new float[tables.small().updaterState()];
    tables.small().putRestOfState(whole.restOfState(all), own);
    network.setUpdaterState(own);
    for (HeldRows held : tables.tables()) {
      held.readStateFrom(all);
    }
  }

  private static void require(int has, String what, int got) {
    if (got != has) {
      throw InvalidInput.data("the network has %d %s, got %d".formatted(has, what, got));
    }
  }

  @Override
  public Changes changes(RowTables form) {
    RowTables small = tables.small();
    float[] own = network.parameters();
    float[] ownState = network.updaterState();
    List<HeldRows> held = tables.tables();
    // Slots by row: a table's rows follow those of the tables before it.
    int[][] slots = new int[held.size()][];
    int total = 0;
    for (int t = 0; t < slots.length; t++) {
      int[] rows = held.get(t).held();
      slots[t] =
          IntStream.range(0, rows.length)
              .boxed()
              .sorted((a, b) -> Integer.compare(rows[a], rows[b]))
              .mapToInt(slot -> slot)
              .toArray();
      total += rows.length;
    }
    int[] numbers = new int[total];
    int next = 0;
    for (int t = 0; t < slots.length; t++) {
      int[] rows = held.get(t).held();
      for (int slot : slots[t]) {
        numbers[next++] = form.firstOf(t) + rows[slot];
      }
    }
    int[] places = form.places(numbers);
    float[] values = new float[places[total]];
    RowTables smallForm = form.updaterState() == 0 ? small.withoutStates() : small;
    next = 0;
    for (int t = 0; t < slots.length; t++) {
      for (int slot : slots[t]) {
        smallForm.read(small.firstOf(t) + slot, own, ownState, values, places[next++]);
      }
    }
    return new Changes(
        small.rest(own), small.restOfState(ownState), new TableRows(numbers, values));
  }

  @Override
  public void setUpdaterStart(int start) {
    updaterStart = start;
    network.setUpdaterStart(start);
  }

  @Override
  public void setCounters(int newIteration, int newEpoch) {
    iteration = newIteration;
    epoch = newEpoch;
    network.setCounters(newIteration, newEpoch);
  }

  @Override
  public double fit(MultiDataSet batch) {
    makeRoom(Math.toIntExact(batch.getFeatures(0).size(0)));
    changed = true;
    double loss = network.fit(batch);
    iteration++;
    return loss;
  }

  @Override
  public Judged judge(MultiDataSet batch) {
    makeRoom(Math.toIntExact(batch.getFeatures(0).size(0)));
    return network.judge(batch);
  }

  @Override
  public float[][] outputs(float[][] inputs, float[][] masks, int examples) {
    // One more for the row of the index zero, which blocks are filled up with.
    makeRoom(examples + 1);
    return network.outputs(inputs, masks, examples);
  }

  /** Makes sure that the rows of as many examples find a slot each. */
  private void makeRoom(int examples) {
    List<HeldRows> held = tables.tables();
    if (held.stream().allMatch(table -> table.hasRoom(examples))) {
      return;
    }
    if (!changed) {
      held.forEach(HeldRows::clear);
      if (held.stream().allMatch(table -> table.hasRoom(examples))) {
        return;
      }
    }
    RowTables before = tables.small();
    float[] oldParameters = network.parameters();
    float[] oldState = network.updaterState();
    network =
        factory.apply(
            table ->
                table.hasRoom(examples)
                    ? slots(before, held, table)
                    : Math.min(table.rows(), 2 * (table.count() + examples)));
    RowTables after = tables.small();
    float[] newParameters = new float[after.parameters()];
    float[] newState = new float[after.updaterState()];
    after.putRest(before.rest(oldParameters), newParameters);
    after.putRestOfState(before.restOfState(oldState), newState);
    for (int t = 0; t < held.size(); t++) {
      RowTables.Table from = before.tables().get(t);
      RowTables.Table to = after.tables().get(t);
      int count = held.get(t).count() * to.width();
      System.arraycopy(oldParameters, from.at(), newParameters, to.at(), count);
      for (int i = 0; i < to.states().size(); i++) {
        System.arraycopy(oldState, from.states().get(i), newState, to.states().get(i), count);
      }
    }
    network.setParameters(newParameters);
    network.setUpdaterState(newState);
    network.setCounters(iteration, epoch);
    network.setUpdaterStart(updaterStart);
  }

  private static int slots(RowTables before, List<HeldRows> held, HeldRows table) {
    return before.tables().get(held.indexOf(table)).rows();
  }
}
