package sluice.network.spec;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * Fully connected layers over columns: numbers as they are or periodically encoded, one-hot
 * categories as vectors of a single 1, category indices through embeddings.
 *
 * @param hidden units of each layer; may be empty, then the columns themselves are the vector
 * @param activation of the layers
 * @param dropout share of the units that is set to zero in a training step, 0 to below 1
 * @param weightInit distribution of the initial weights
 * @param embeddings of category indices
 * @param periodic what becomes of numbers; null for nothing
 */
public record MlpEncoder(
    List<Integer> hidden,
    HiddenActivation activation,
    double dropout,
    InitialWeights weightInit,
    Embeddings embeddings,
    @Nullable PeriodicNumbers periodic)
    implements Encoder {
  private static final String NUMBERS = "numbers";
  private static final String CATEGORIES = "categories";
  private static final String PERIODIC = "periodic";

  public MlpEncoder {
    hidden = List.copyOf(hidden);
    DenseStack.check(hidden, dropout);
  }

  /** What stands for nothing else said. */
  static MlpEncoder standard() {
    return new MlpEncoder(
        List.of(256, 256),
        HiddenActivation.RELU,
        0.2,
        InitialWeights.HE,
        new Embeddings(null),
        null);
  }

  /** The inputs by what becomes of them; each of some groups, none of them empty. */
  private Map<String, List<TensorSpec>> parts(List<TensorSpec> groups) {
    Map<String, List<TensorSpec>> parts = new LinkedHashMap<>();
    for (TensorSpec group : groups) {
      String part =
          group.isIndex()
              ? CATEGORIES
              : periodic != null && group.element().isNumber() ? PERIODIC : NUMBERS;
      parts.computeIfAbsent(part, name -> new ArrayList<>()).add(group);
    }
    return parts;
  }

  @Override
  public boolean readsSeries(Element of) {
    return false;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    List<Input> inputs = new ArrayList<>();
    parts(groups)
        .forEach(
            (part, own) -> {
              NetworkInput input = NetworkInput.of(prefix + part, layout, own);
              inputs.add(new Input(input, InputType.feedForward(input.width())));
            });
    return inputs;
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    List<String> vectors = new ArrayList<>();
    parts(groups)
        .forEach(
            (part, own) -> {
              String vector = prefix + part;
              if (part.equals(CATEGORIES)) {
                vector = prefix + "embedding";
                graph.addLayer(vector, embeddings.layer(own), prefix + part);
              } else if (part.equals(PERIODIC)) {
                vector = prefix + "periodic-embedding";
                graph.addLayer(vector, requireNonNull(periodic).layer(own), prefix + part);
              }
              vectors.add(vector);
            });
    String last = vectors.get(0);
    if (vectors.size() > 1) {
      last = prefix + "columns";
      graph.addVertex(last, new MergeVertex(), vectors.toArray(String[]::new));
    }
    return new DenseStack(hidden, activation, dropout, weightInit).addTo(graph, prefix, last);
  }
}
