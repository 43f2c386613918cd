package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import sluice.network.RowTables;
import sluice.network.layers.CategoryTables;

/**
 * The large tables of a network of which it holds only the rows that it reads: its layers are made
 * with small tables, whose rows are slots.
 */
final class HeldTables {
  /** A column of a layer. */
  private record Column(String layer, int column) {}

  private final Map<Column, HeldRows> tables = new HashMap<>();

  /** Layers by their names as they were configured, with all of their rows. */
  private final Map<String, org.deeplearning4j.nn.conf.layers.Layer> layers = new HashMap<>();

  /** By where they begin among the parameters of the network that was made last. */
  private final TreeMap<Integer, HeldRows> bound = new TreeMap<>();

  private RowTables small = RowTables.none();

  private HeldTables() {}

  /** For a network that holds all rows. */
  static HeldTables none() {
    return new HeldTables();
  }

  static HeldTables of(MultiLayerConfiguration configuration) {
    HeldTables found = new HeldTables();
    for (int i = 0; i < configuration.getConfs().size(); i++) {
      org.deeplearning4j.nn.conf.layers.Layer settings = configuration.getConf(i).getLayer();
      found.add(ReferenceNetwork.nameOf(i, settings), settings);
    }
    return found;
  }

  static HeldTables of(ComputationGraphConfiguration configuration) {
    HeldTables found = new HeldTables();
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer) {
                found.add(name, layer.getLayerConf().getLayer());
              }
            });
    return found;
  }

  private void add(String name, org.deeplearning4j.nn.conf.layers.Layer settings) {
    org.deeplearning4j.nn.conf.layers.Layer inner = inner(settings);
    if (inner instanceof CategoryTables own && Compiler.hasKernel(inner)) {
      int[] cardinalities = own.getCardinalities();
      for (int column = 0; column < cardinalities.length; column++) {
        int width = own.width(column);
        if (ParameterRanges.isLarge(cardinalities[column], width)) {
          tables.put(new Column(name, column), new HeldRows(cardinalities[column], width));
          layers.put(name, inner);
        }
      }
    }
  }

  private static org.deeplearning4j.nn.conf.layers.Layer inner(
      org.deeplearning4j.nn.conf.layers.Layer settings) {
    return settings instanceof FrozenLayer frozen ? frozen.getLayer() : settings;
  }

  boolean isEmpty() {
    return tables.isEmpty();
  }

  /** Those of the network that was made last, in the order of its parameters. */
  List<HeldRows> tables() {
    return List.copyOf(bound.values());
  }

  /** The small tables of the network that was made last. */
  RowTables small() {
    return small;
  }

  /** The table that begins here among the parameters; null if all of its rows are held. */
  @Nullable HeldRows at(int place) {
    return bound.get(place);
  }

  /** What a layer was configured as. */
  org.deeplearning4j.nn.conf.layers.Layer settings(String name, Layer layer) {
    return layers.getOrDefault(name, layer.conf().getLayer());
  }

  /** A configuration with small tables. */
  MultiLayerConfiguration shrunk(MultiLayerConfiguration configuration, Slots slots) {
    MultiLayerConfiguration shrunk = configuration.clone();
    for (int i = 0; i < shrunk.getConfs().size(); i++) {
      org.deeplearning4j.nn.conf.layers.Layer settings = shrunk.getConf(i).getLayer();
      shrink(ReferenceNetwork.nameOf(i, settings), settings, slots);
    }
    return shrunk;
  }

  /** A configuration with small tables. */
  ComputationGraphConfiguration shrunk(ComputationGraphConfiguration configuration, Slots slots) {
    ComputationGraphConfiguration shrunk = configuration.clone();
    shrunk
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layer) {
                shrink(name, layer.getLayerConf().getLayer(), slots);
              }
            });
    return shrunk;
  }

  /** How many slots there shall be for the rows of a table. */
  @FunctionalInterface
  interface Slots {
    int of(HeldRows table);
  }

  private void shrink(String name, org.deeplearning4j.nn.conf.layers.Layer settings, Slots slots) {
    if (layers.containsKey(name) && inner(settings) instanceof CategoryTables own) {
      int[] cardinalities = own.getCardinalities();
      for (int column = 0; column < cardinalities.length; column++) {
        HeldRows table = tables.get(new Column(name, column));
        if (table != null) {
          cardinalities[column] = slots.of(table);
        }
      }
      own.setCardinalities(cardinalities);
    }
  }

  /** Takes the tables of a network that was made of a shrunken configuration. */
  void bind(ReferenceNetwork network) {
    bound.clear();
    TreeMap<Integer, RowTables.Table> found = new TreeMap<>();
    for (Node node : network.nodes()) {
      if (node instanceof Node.OfLayer layer
          && layers.get(node.name()) instanceof CategoryTables settings) {
        Map<String, INDArray> parameters = layer.layer().paramTable(false);
        for (int column = 0; column < settings.getCardinalities().length; column++) {
          HeldRows held = tables.get(new Column(node.name(), column));
          if (held != null) {
            INDArray view = requireNonNull(parameters.get(settings.tableName(column)));
            int at = Math.toIntExact(view.offset());
            int rows = Math.toIntExact(view.length()) / held.width();
            bound.put(at, held);
            found.put(at, new RowTables.Table(at, rows, held.width(), states(network, at)));
          }
        }
      }
    }
    Block state = network.state();
    small =
        new RowTables(
            network.parameters().size(),
            state == null ? 0 : state.size(),
            List.copyOf(found.values()));
    found.forEach(
        (at, table) -> requireNonNull(bound.get(at)).bind(network.parameters(), state, table));
  }

  /** Where the parts of the updater's state begin that belong to the parameters from a place on. */
  private static List<Integer> states(ReferenceNetwork network, int at) {
    List<Integer> states = new ArrayList<>();
    if (network.updater() != null) {
      for (UpdaterBlock block : network.updater().getUpdaterBlocks()) {
        int from = block.getParamOffsetStart();
        int size = block.getParamOffsetEnd() - from;
        if (from <= at && at < from + size) {
          for (int part = block.getUpdaterViewOffsetStart();
              part < block.getUpdaterViewOffsetEnd();
              part += size) {
            states.add(part + at - from);
          }
        }
      }
    }
    states.sort(Comparator.naturalOrder());
    return states;
  }
}
