package sluice.network.compiled;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.RunningStatistics;

/**
 * Deeplearning4j's network of the same configuration. Its flat arrays are what the compiled network
 * computes with, so that parameters, gradients and the updater's state lie as Deeplearning4j has
 * them; its layers compute what has no kernel; and it knows the order of the vertices.
 */
final class ReferenceNetwork {
  private final Model model;
  private final List<Node> nodes;
  private final List<String> inputs;
  private final List<String> outputs;
  private final boolean minibatch;
  private final ParameterRanges ranges = new ParameterRanges();
  private final Block parameters;
  private final @Nullable Block gradients;
  private final @Nullable BaseMultiLayerUpdater<?> updater;
  private final HeldTables held;

  /**
   * A network with parameters of its own, which are zeros.
   *
   * @param held the tables of the configuration that are small
   */
  ReferenceNetwork(MultiLayerConfiguration configuration, boolean training, HeldTables held) {
    this(configuration, zeros(count(configuration)), training, held);
  }

  /** A network that only predicts, and reads these parameters where they are. */
  ReferenceNetwork(MultiLayerConfiguration configuration, INDArray numbers) {
    this(configuration, numbers, false, HeldTables.none());
  }

  private ReferenceNetwork(
      MultiLayerConfiguration configuration, INDArray numbers, boolean training, HeldTables held) {
    this.held = held;
    require(count(configuration), "parameters", numbers.length());
    MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
    network.init(numbers, false);
    model = network;
    nodes = new ArrayList<>();
    inputs = List.of("input");
    String last = "input";
    for (int i = 0; i < network.getnLayers(); i++) {
      Layer layer = network.getLayer(i);
      String unique = nameOf(i, layer.conf().getLayer());
      nodes.add(
          new Node.OfLayer(
              unique,
              List.of(last),
              layer,
              network.getLayerWiseConfigurations().getInputPreProcess(i)));
      last = unique;
    }
    outputs = List.of(last);
    minibatch = configuration.getConf(0).isMiniBatch();
    parameters = block(network.params());
    if (training) {
      RunningStatistics.spare(network);
      updater = (BaseMultiLayerUpdater<?>) network.getUpdater();
      gradients = block(network.getFlattenedGradients());
    } else {
      updater = null;
      gradients = null;
    }
    held.bind(this);
  }

  /**
   * A network with parameters of its own, which are zeros.
   *
   * @param held the tables of the configuration that are small
   */
  ReferenceNetwork(ComputationGraphConfiguration configuration, boolean training, HeldTables held) {
    this(configuration, zeros(count(configuration)), training, held);
  }

  /** A network that only predicts, and reads these parameters where they are. */
  ReferenceNetwork(ComputationGraphConfiguration configuration, INDArray numbers) {
    this(configuration, numbers, false, HeldTables.none());
  }

  private ReferenceNetwork(
      ComputationGraphConfiguration configuration,
      INDArray numbers,
      boolean training,
      HeldTables held) {
    this.held = held;
    require(count(configuration), "parameters", numbers.length());
    ComputationGraph network = new ComputationGraph(configuration.clone());
    network.init(numbers, false);
    model = network;
    nodes = new ArrayList<>();
    inputs = List.copyOf(configuration.getNetworkInputs());
    outputs = List.copyOf(configuration.getNetworkOutputs());
    for (int i : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[i];
      String name = vertex.getVertexName();
      if (inputs.contains(name)) {
        continue;
      }
      List<String> read = requireNonNull(configuration.getVertexInputs().get(name));
      nodes.add(
          vertex instanceof LayerVertex layer
              ? new Node.OfLayer(name, read, layer.getLayer(), layer.getLayerPreProcessor())
              : new Node.OfVertex(
                  name, read, vertex, requireNonNull(configuration.getVertices().get(name))));
    }
    minibatch = configuration.getDefaultConfiguration().isMiniBatch();
    parameters = block(network.params());
    if (training) {
      RunningStatistics.spare(network);
      updater = network.getUpdater();
      gradients = block(network.getFlattenedGradients());
    } else {
      updater = null;
      gradients = null;
    }
    held.bind(this);
  }

  /** The name of a layer among layers that lie one behind the other. */
  static String nameOf(int index, org.deeplearning4j.nn.conf.layers.Layer settings) {
    String name = settings.getLayerName();
    return name == null ? "layer" + index : name;
  }

  private static long count(MultiLayerConfiguration configuration) {
    return configuration.getConfs().stream()
        .mapToLong(layer -> layer.getLayer().initializer().numParams(layer))
        .sum();
  }

  private static long count(ComputationGraphConfiguration configuration) {
    return configuration.getVertices().values().stream()
        .mapToLong(vertex -> vertex.numParams(false))
        .sum();
  }

  /**
   * Refuses an array of another length.
   *
   * @throws InvalidInput (data)
   */
  static void require(long has, String what, long got) {
    if (got != has) {
      throw InvalidInput.data("the network has %d %s, got %d".formatted(has, what, got));
    }
  }

  private static INDArray zeros(long count) {
    return Nd4j.create(DataType.FLOAT, 1, count);
  }

  /** The numbers of a flat array. */
  static Block block(INDArray flat) {
    int size = Math.toIntExact(flat.length());
    FloatPointer place = new FloatPointer(flat.data().addressPointer());
    return Block.of(place.capacity(size), size);
  }

  /** The network itself, which takes steps on the same arrays. */
  Network whole() {
    return Network.of(model);
  }

  /** In an order in which each vertex comes behind those that it reads. */
  List<Node> nodes() {
    return List.copyOf(nodes);
  }

  List<String> inputs() {
    return inputs;
  }

  List<String> outputs() {
    return outputs;
  }

  /** Whether gradients are divided by the number of examples. */
  boolean minibatch() {
    return minibatch;
  }

  Block parameters() {
    return parameters;
  }

  /** The parameters that steps change. */
  ParameterRanges ranges() {
    return ranges;
  }

  /** Null if it only predicts. */
  @Nullable Block gradients() {
    return gradients;
  }

  /** Null if it only predicts. */
  @Nullable BaseMultiLayerUpdater<?> updater() {
    return updater;
  }

  /** The updater's state in Deeplearning4j's layout; null if there is none. */
  @Nullable Block state() {
    INDArray view = updater == null ? null : updater.getStateViewArray();
    return view == null ? null : block(view);
  }

  /** The tables of which it holds some rows only. */
  HeldTables held() {
    return held;
  }

  void setCounters(int iteration, int epoch) {
    for (Node node : nodes) {
      if (node instanceof Node.OfLayer of) {
        of.layer().setIterationCount(iteration);
        of.layer().setEpochCount(epoch);
      }
    }
  }

  /** Tells vertices that ask the graph itself of the masks over the steps of its inputs. */
  void setInputMasks(List<StepMask> masks) {
    if (model instanceof ComputationGraph graph) {
      if (masks.stream().anyMatch(StepMask::isGiven)) {
        graph.setLayerMaskArrays(
            masks.stream().map(StepMask::array).toArray(INDArray[]::new), null);
      } else {
        graph.clearLayerMaskArrays();
      }
    }
  }

  void applyConstraints(int iteration, int epoch) {
    model.applyConstraints(iteration, epoch);
  }
}
