package sluice.network.dl4j;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.Target;

/**
 * Fits a user's network to the data: what every vertex reads follows from the features, layers that
 * leave nIn open get it, and preprocessors between flat numbers, pictures and series are put in
 * where the file has none. What the file says otherwise than the data is an error.
 */
public final class GraphFit {
  /** The most numbers of an example that one vertex may give. */
  static final long MOST_ACTIVATIONS = 100_000_000;

  private final ComputationGraphConfiguration graph;
  private final Map<String, InputType> types = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  private GraphFit(ComputationGraphConfiguration graph) {
    this.graph = graph;
  }

  /**
   * The network of a configuration, with initial weights.
   *
   * @param inputs what an example has, in the order of the network's inputs
   * @param targets what it shall predict, in the order of its outputs
   * @param training updater, seed and clipping, which count instead of the file's
   * @throws InvalidInput (configuration) with everything that does not fit
   */
  public static Network network(
      Dl4jConfiguration configuration,
      List<InputType> inputs,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    try {
      ComputationGraphConfiguration graph = ConfigurationReader.graph(configuration, training);
      GraphFit fit = new GraphFit(graph);
      fit.inputs(inputs);
      fit.vertices();
      fit.problems.addAll(OutputFit.problems(graph, targets));
      if (!fit.problems.isEmpty()) {
        throw InvalidInput.configuration(fit.problems);
      }
      return Network.of(graph);
    } catch (InvalidInput invalid) {
      throw InvalidInput.configuration(
          invalid.problems().stream().map(problem -> "model.configuration: " + problem).toList());
    } catch (RuntimeException e) {
      // Deeplearning4j reads fields that a file leaves out, and says so in any way.
      throw InvalidInput.configuration(
          "model.configuration: Deeplearning4j cannot make the network: " + said(e));
    }
  }

  private static String said(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + ": " + message;
  }

  private void inputs(List<InputType> inputs) {
    graph.validate();
    if (graph.getNetworkInputs().size() != inputs.size()) {
      throw InvalidInput.configuration(
          "the network must have %d inputs as the features, got %s"
              .formatted(inputs.size(), graph.getNetworkInputs()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      types.put(graph.getNetworkInputs().get(i), inputs.get(i));
    }
  }

  /** Goes through the vertices as their inputs become known; validated graphs have no cycles. */
  private void vertices() {
    List<String> left = new ArrayList<>(graph.getVertices().keySet());
    while (!left.isEmpty() && problems.isEmpty()) {
      int before = left.size();
      left.removeIf(
          name -> problems.isEmpty() && types.keySet().containsAll(read(name)) && fit(name));
      if (left.size() == before && problems.isEmpty()) {
        throw InvalidInput.configuration("the vertices %s read what there is not".formatted(left));
      }
    }
  }

  private List<String> read(String vertex) {
    return requireNonNull(graph.getVertexInputs().get(vertex));
  }

  /** Always true: the vertex is done with. */
  private boolean fit(String name) {
    GraphVertex vertex = requireNonNull(graph.getVertices().get(name));
    InputType[] read = read(name).stream().map(types::get).toArray(InputType[]::new);
    if (vertex instanceof LayerVertex layer) {
      layer(name, layer, requireNonNull(read[0]));
    }
    if (problems.isEmpty()) {
      try {
        InputType given = vertex.getOutputType(0, read);
        long numbers = numbers(given);
        if (numbers < 1 || numbers > MOST_ACTIVATIONS) {
          problems.add(
              "layer %s: must give from 1 to %,d numbers of an example, got %s"
                  .formatted(name, MOST_ACTIVATIONS, given));
        }
        types.put(name, given);
      } catch (RuntimeException e) {
        problems.add(
            "layer %s: does not fit what it reads, %s: %s".formatted(name, List.of(read), said(e)));
      }
    }
    return true;
  }

  private void layer(String name, LayerVertex vertex, InputType read) {
    Layer layer = vertex.getLayerConf().getLayer();
    InputType reached = read;
    try {
      InputPreProcessor between = vertex.getPreProcessor();
      if (between == null) {
        between = layer.getPreProcessorForInputType(read);
        vertex.setPreProcessor(between);
      }
      if (between != null) {
        if (!ConfigurationClasses.NAMES.contains(between.getClass().getName())) {
          // Deeplearning4j makes an example of each step, or a step of each example.
          problems.add(
              "layer %s: cannot read %s: between a series and layers of columns or pictures must stand a LastStep"
                  .formatted(name, read));
          return;
        }
        reached = between.getOutputType(read);
      }
      if (layer instanceof FeedForwardLayer open && open.getNIn() > 0) {
        FeedForwardLayer fitted = (FeedForwardLayer) layer.clone();
        fitted.setNIn(reached, true);
        if (fitted.getNIn() != open.getNIn()) {
          problems.add(
              "layer %s: nIn must be %,d as %s has, got %,d"
                  .formatted(name, fitted.getNIn(), source(name), open.getNIn()));
        }
      }
      layer.setNIn(reached, false);
    } catch (RuntimeException e) {
      problems.add("layer %s: cannot read %s: %s".formatted(name, reached, said(e)));
    }
  }

  private String source(String name) {
    String from = read(name).get(0);
    return graph.getNetworkInputs().contains(from) ? "an example of the features" : "layer " + from;
  }

  private static long numbers(InputType type) {
    return type instanceof InputTypeRecurrent series
        ? series.getSize() * Math.max(1, series.getTimeSeriesLength())
        : type.arrayElementsPerExample();
  }
}
