package sluice.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import sluice.data.InvalidInput;
import sluice.network.compiled.NoPlanException;
import sluice.network.compiled.SharedParameters;
import sluice.network.layers.LowRank;
import sluice.network.layers.LowRankLayer;

/**
 * One face for the two kinds of networks that Deeplearning4j has, with what training and prediction
 * need of them; nothing else asks which kind it is. Not thread-safe.
 */
public sealed interface Network extends Replica permits SequentialNetwork, GraphNetwork {

  /**
   * A network of layers one behind the other, with initial weights, which are made when they are
   * first needed.
   *
   * @throws InvalidInput (configuration) if it has more parameters than there is memory for
   */
  static Network of(MultiLayerConfiguration configuration) {
    ProcessMemory.check();
    ProcessMemory.requireRoom(
        configuration.getConfs().stream()
            .mapToDouble(layer -> layer.getLayer().initializer().numParams(layer))
            .sum());
    return new SequentialNetwork(new MultiLayerNetwork(configuration));
  }

  /**
   * A network whose layers form a graph, with initial weights, which are made when they are first
   * needed.
   *
   * @throws InvalidInput (configuration) if it has more parameters than there is memory for
   */
  static Network of(ComputationGraphConfiguration configuration) {
    ProcessMemory.check();
    ProcessMemory.requireRoom(
        configuration.getVertices().values().stream()
            .mapToDouble(vertex -> vertex.numParams(false))
            .sum());
    return new GraphNetwork(new ComputationGraph(configuration));
  }

  /**
   * A network of either kind, as it is.
   *
   * @throws InvalidInput (configuration) if it is neither kind
   */
  static Network of(Model model) {
    if (model instanceof MultiLayerNetwork layers) {
      return new SequentialNetwork(layers);
    }
    if (model instanceof ComputationGraph graph) {
      return new GraphNetwork(graph);
    }
    throw InvalidInput.configuration(
        "a network must be a MultiLayerNetwork or a ComputationGraph, got " + model.getClass());
  }

  /** What is adapted; changes to it are changes to this. */
  Model model();

  @Override
  default float[] parameters() {
    return FloatArrays.copy(model().params());
  }

  @Override
  default void setParameters(float[] parameters) {
    FloatArrays.assign(model().params(), parameters, "parameters");
  }

  @Override
  default float[] updaterState() {
    INDArray state = updaterView();
    return state == null ? new float[0] : FloatArrays.copy(state);
  }

  @Override
  default void setUpdaterState(float[] state) {
    INDArray view = updaterView();
    if (view != null) {
      FloatArrays.assign(view, state, "updater values");
    }
  }

  /** The updater's state itself; null if it has none. */
  @Nullable INDArray updaterView();

  /** How many minibatches it was fitted to, which schedules and Adam's correction go by. */
  int iteration();

  /** How many epochs it went through. */
  int epoch();

  /** What the penalties add to Deeplearning4j's score at these parameters and counters. */
  default double penalty() {
    double sum = 0;
    for (Layer layer : layers()) {
      sum += layer.calcRegularizationScore(true);
    }
    return sum;
  }

  /**
   * Some parameters that lie one behind the other.
   *
   * @param from the first
   * @param to behind the last
   * @param rate their learning rate; 1 if their updater has none, 0 if no gradient moves them
   */
  record Span(int from, int to, double rate) {}

  /** All parameters in their order, by their learning rates at these counters. */
  default List<Span> spans(int iteration, int epoch) {
    SortedMap<Integer, Span> found = new TreeMap<>();
    for (Layer layer : layers()) {
      layer
          .paramTable(false)
          .forEach(
              (name, view) -> {
                int from = Math.toIntExact(view.offset());
                int to = Math.toIntExact(from + view.length());
                found.put(from, new Span(from, to, rate(layer, name, iteration, epoch)));
              });
    }
    return List.copyOf(found.values());
  }

  /**
   * {@link NamedLayer#architecture} of each layer in the order of the parameters. Networks of which
   * this is equal can have each other's parameters.
   */
  default List<String> architecture() {
    return Arrays.stream(layers()).map(NamedLayer::architecture).toList();
  }

  /** The layers, in no particular order. */
  Layer[] layers();

  /** The layers, in an order in which each comes behind those that it reads. */
  List<NamedLayer> namedLayers();

  /**
   * A frozen layer that reads a vertex which is no layer: there Deeplearning4j's own steps fail, as
   * no gradient reaches the vertex. None if there is none.
   */
  Optional<String> frozenAboveVertex();

  /** What stands in the place of a layer. */
  @FunctionalInterface
  interface LayerChange {
    /**
     * Another layer, or the same.
     *
     * @param name of the layer in the network
     * @param layer its configuration, which may be changed: it is a copy
     */
    org.deeplearning4j.nn.conf.layers.Layer of(
        String name, org.deeplearning4j.nn.conf.layers.Layer layer);
  }

  /** The same network but for some layers, with initial weights. */
  Network changed(LayerChange change);

  /** Sets the loss that the network says it has, for those who listen. */
  void setScore(double score);

  /** The outputs for these inputs, examples first in all. */
  default INDArray[] outputs(INDArray... inputs) {
    return outputs(inputs, new INDArray[inputs.length]);
  }

  /**
   * The outputs for these inputs.
   *
   * @param masks over the steps of each input, [examples, steps]; null where there is none
   */
  INDArray[] outputs(INDArray[] inputs, @Nullable INDArray[] masks);

  /**
   * A network of the same configuration for training, with initial weights, but that a mask over
   * the labels of [examples, 1] is a weight of each example's loss.
   */
  Network weighted();

  /** What takes the least time to predict with the parameters that this network has now. */
  default Inference inference() {
    return inference(parameters());
  }

  /**
   * What takes the least time to predict with these parameters. This network may or may not get
   * them, now or with the first predictions, and should be used for nothing else until then.
   *
   * @param parameters not to be written to
   * @throws InvalidInput (data) if their number is not the network's
   */
  default Inference inference(float[] parameters) {
    Optional<? extends Inference> compiled =
        Natives.load().cpu() ? compiled(parameters) : Optional.empty();
    return compiled.isPresent()
        ? new CompiledInference(compiled.get(), () -> byDl4j(parameters))
        : byDl4j(parameters);
  }

  /**
   * {@link #inference(float[])} with parameters that others share, one for each thread: all of them
   * take hardly more memory than one.
   */
  default Inference inference(SharedParameters parameters) {
    Optional<? extends Inference> compiled =
        Natives.load().cpu() ? compiled(parameters) : Optional.empty();
    return compiled.isPresent()
        ? new CompiledInference(compiled.get(), () -> byDl4j(parameters.copy()))
        : byDl4j(parameters.copy());
  }

  private Inference byDl4j(float[] parameters) {
    setParameters(parameters);
    return new Dl4jInference(this);
  }

  /** Makes networks to train instead of this one; their weights do not matter. */
  Replicas replicas();

  /** The parameters of layers that fine-tuning has frozen, those within adapters among them. */
  default RowTables frozen() {
    List<RowTables.Table> tables = new ArrayList<>();
    for (NamedLayer layer : namedLayers()) {
      if (layer.layer() instanceof FrozenLayer && layer.parameters() > 0) {
        tables.add(RowTables.Table.ofFrozen(layer.from(), layer.parameters()));
      } else if (layer.layer() instanceof LowRankLayer adapted) {
        // The layer's own parameters come first.
        int count = Math.toIntExact(adapted.getParam(LowRank.BASE).length());
        tables.add(RowTables.Table.ofFrozen(layer.from(), count));
      }
    }
    if (tables.isEmpty()) {
      return RowTables.none();
    }
    tables.sort(Comparator.comparingInt(RowTables.Table::at));
    INDArray state = updaterView();
    return new RowTables(
        Math.toIntExact(model().numParams()),
        state == null ? 0 : Math.toIntExact(state.length()),
        tables);
  }

  /** One of {@link #replicas}. */
  default Replica replica() {
    return replicas().get();
  }

  /**
   * This network compiled for predictions; none if it has something that cannot be. That it has no
   * plan only its first predictions tell, by a {@link NoPlanException}.
   */
  Optional<? extends Inference> compiled(float[] parameters);

  /** {@link #compiled(float[])} with parameters that others share, and read the whole of. */
  Optional<? extends Inference> compiled(SharedParameters parameters);

  private static double rate(Layer layer, String parameter, int iteration, int epoch) {
    IUpdater updater = layer.getConfig().getUpdaterByParam(parameter);
    if (updater == null
        || layer instanceof FrozenLayer
        || layer instanceof FrozenLayerWithBackprop
        || LowRankLayer.isBase(layer, parameter)
        || !RunningStatistics.isGradient(layer, parameter)) {
      return 0;
    }
    double rate = updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
    return Double.isNaN(rate) ? 1 : rate;
  }
}
