package sluice.network.dl4j;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeRecurrent;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import sluice.data.InvalidInput;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.dl4j.SeriesFit.Steps;

/**
 * Fits a user's network to the data: what every vertex reads follows from the features, layers that
 * leave nIn open get it, and preprocessors between flat numbers, pictures and series are put in
 * where the file has none. What the file says otherwise than the data is an error.
 */
public final class GraphFit {
  /** The most numbers of an example that one vertex may give. */
  static final long MOST_ACTIVATIONS = 100_000_000;

  private static final String PLACE = "model.configuration: ";

  private final ComputationGraphConfiguration graph;
  private final Map<String, InputType> types = new LinkedHashMap<>();
  private final Map<String, ExampleInput> inputs = new HashMap<>();

  /** Of the inputs and vertices that give a series of each example's own length. */
  private final Map<String, Steps> series = new HashMap<>();

  private final List<String> problems = new ArrayList<>();

  private GraphFit(ComputationGraphConfiguration graph) {
    this.graph = graph;
  }

  /**
   * Why a configuration cannot predict labels of these names, as far as it takes no data to tell:
   * all problems, or none.
   */
  public static List<String> problems(Dl4jConfiguration configuration, List<String> labels) {
    // Layers one behind the other have one output, whatever it is called.
    List<String> outputs = configuration.isGraph() ? configuration.outputs() : List.of("the last");
    return OutputFit.misfit(outputs, labels).stream().map(problem -> PLACE + problem).toList();
  }

  /**
   * The network of a configuration, with initial weights.
   *
   * @param inputs what an example has, in the order of the network's inputs
   * @param targets what it shall predict; the network's outputs are in their order, whatever the
   *     file's
   * @param training updater, seed and clipping, which count instead of the file's
   * @throws InvalidInput (configuration) with everything that does not fit
   */
  public static Network network(
      Dl4jConfiguration configuration,
      List<ExampleInput> inputs,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    try {
      ComputationGraphConfiguration graph = ConfigurationReader.graph(configuration, training);
      GraphFit fit = new GraphFit(graph);
      fit.inputs(inputs);
      fit.vertices();
      fit.problems.addAll(OutputFit.fit(graph, targets));
      if (!fit.problems.isEmpty()) {
        throw InvalidInput.configuration(fit.problems);
      }
      return Network.of(graph);
    } catch (InvalidInput invalid) {
      throw InvalidInput.configuration(
          invalid.problems().stream().map(problem -> PLACE + problem).toList());
    } catch (RuntimeException e) {
      // Deeplearning4j reads fields that a file leaves out, and says so in any way.
      throw InvalidInput.configuration(
          PLACE + "Deeplearning4j cannot make the network: " + said(e));
    }
  }

  private static String said(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + ": " + message;
  }

  private void inputs(List<ExampleInput> given) {
    graph.validate();
    if (graph.getNetworkInputs().size() != given.size()) {
      throw InvalidInput.configuration(
          "the network must have %d inputs as the features, got %s"
              .formatted(given.size(), graph.getNetworkInputs()));
    }
    for (int i = 0; i < given.size(); i++) {
      String name = graph.getNetworkInputs().get(i);
      ExampleInput input = given.get(i);
      types.put(name, input.type());
      inputs.put(name, input);
      if (input.isSeries()) {
        series.put(name, Steps.of(name, input));
      }
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
    List<@Nullable Steps> steps = new ArrayList<>();
    read(name).forEach(from -> steps.add(series.get(from)));
    Steps given = SeriesFit.of(inputs, name, vertex, steps, problems);
    if (given != null) {
      series.put(name, given);
    }
    if (vertex instanceof PreprocessorVertex between && isOfSteps(between.getPreProcessor())) {
      problems.add(
          "vertex %s: must not make examples of steps, got RnnToFeedForwardPreProcessor"
              .formatted(name));
    }
    if (problems.isEmpty() && vertex instanceof LayerVertex layer) {
      layer(name, layer, requireNonNull(read[0]));
    }
    if (problems.isEmpty()) {
      try {
        InputType type = given(vertex, read);
        long numbers = numbers(type);
        if (numbers < 1 || numbers > MOST_ACTIVATIONS) {
          problems.add(
              "layer %s: must give from 1 to %,d numbers of an example, got %s"
                  .formatted(name, MOST_ACTIVATIONS, type));
        }
        // The length of a layer's own, as an embedding has one, is not that of the series.
        types.put(
            name,
            given != null && type instanceof InputTypeRecurrent own
                ? InputType.recurrent(own.getSize())
                : type);
      } catch (RuntimeException e) {
        problems.add(
            "layer %s: does not fit what it reads, %s: %s".formatted(name, List.of(read), said(e)));
      }
    }
    return true;
  }

  private static InputType given(GraphVertex vertex, InputType... read) {
    InputType type = vertex.getOutputType(0, read);
    boolean pools =
        vertex instanceof LayerVertex of
            && of.getLayerConf().getLayer() instanceof GlobalPoolingLayer pooling
            && pooling.isCollapseDimensions();
    // Deeplearning4j takes it for the series that was pooled.
    return pools && type instanceof InputTypeRecurrent steps
        ? InputType.feedForward(steps.getSize())
        : type;
  }

  /** Whether a preprocessor, or a part of it, makes an example of each step. */
  private static boolean isOfSteps(@Nullable InputPreProcessor between) {
    return between instanceof ComposableInputPreProcessor several
        ? Arrays.stream(several.getInputPreProcessors()).anyMatch(GraphFit::isOfSteps)
        : between instanceof RnnToFeedForwardPreProcessor;
  }

  private void layer(String name, LayerVertex vertex, InputType read) {
    Layer layer = vertex.getLayerConf().getLayer();
    if (SeriesFit.isOfSeries(layer) && read.getType() != InputType.Type.RNN) {
      problems.add(
          "layer %s: %s reads a series, got %s: %s"
              .formatted(name, layer.getClass().getSimpleName(), source(name), read));
      return;
    }
    InputType reached = read;
    try {
      InputPreProcessor between = vertex.getPreProcessor();
      if (between instanceof RnnToFeedForwardPreProcessor && read.getType() == InputType.Type.FF) {
        // Deeplearning4j puts one behind a GlobalPoolingLayer, where it does nothing.
        vertex.setPreProcessor(null);
        between = null;
      }
      if (between == null) {
        between = layer.getPreProcessorForInputType(read);
        vertex.setPreProcessor(between);
      }
      if (between != null) {
        if (isOfSteps(between)
            || !ConfigurationClasses.NAMES.contains(between.getClass().getName())) {
          // Deeplearning4j makes an example of each step, or a step of each example.
          problems.add(
              "layer %s: cannot read %s: between a series and layers of columns or pictures must stand a pooling of its steps"
                  .formatted(name, read));
          return;
        }
        reached = between.getOutputType(read);
      }
      if (layer instanceof EmbeddingSequenceLayer) {
        // Its nIn is how many indices there are.
        return;
      }
      for (Layer each : SeriesFit.unwrapped(layer)) {
        width(name, each, reached);
      }
      layer.setNIn(reached, false);
    } catch (RuntimeException e) {
      problems.add("layer %s: cannot read %s: %s".formatted(name, reached, said(e)));
    }
  }

  /** Whether a layer that says what it reads reads that. */
  private void width(String name, Layer layer, InputType reached) {
    if (layer instanceof FeedForwardLayer open && open.getNIn() > 0) {
      FeedForwardLayer fitted = (FeedForwardLayer) layer.clone();
      fitted.setNIn(reached, true);
      if (fitted.getNIn() != open.getNIn()) {
        problems.add(
            "layer %s: nIn must be %,d as %s has, got %,d"
                .formatted(name, fitted.getNIn(), source(name), open.getNIn()));
      }
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
