package sluice.network.spec;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;
import sluice.normalise.FeatureGroup;

/**
 * Fully connected layers over columns: numbers as they are, one-hot categories as vectors of a
 * single 1, category indices through embeddings.
 *
 * @param hidden units of each layer; may be empty, then the columns themselves are the vector
 * @param activation of the layers
 * @param dropout share of the units that is set to zero in a training step, 0 to below 1
 * @param weightInit distribution of the initial weights
 * @param embeddings of category indices
 */
public record MlpEncoder(
    List<Integer> hidden,
    HiddenActivation activation,
    double dropout,
    InitialWeights weightInit,
    Embeddings embeddings)
    implements Encoder {
  private static final String NUMBERS = "numbers";
  private static final String CATEGORIES = "categories";

  public MlpEncoder {
    hidden = List.copyOf(hidden);
    DenseStack.check(hidden, dropout);
  }

  /** What stands for nothing else said. */
  static MlpEncoder standard() {
    return new MlpEncoder(
        List.of(256, 256), HiddenActivation.RELU, 0.2, InitialWeights.HE, new Embeddings(null));
  }

  @Override
  public List<Input> inputs(String prefix, List<FeatureGroup> groups, ExampleLayout layout) {
    List<Input> inputs = new ArrayList<>();
    add(inputs, prefix + NUMBERS, numbers(groups), layout);
    add(inputs, prefix + CATEGORIES, categories(groups), layout);
    return inputs;
  }

  private static void add(
      List<Input> inputs, String name, List<FeatureGroup> groups, ExampleLayout layout) {
    if (!groups.isEmpty()) {
      NetworkInput input = NetworkInput.of(name, layout, groups);
      inputs.add(new Input(input, InputType.feedForward(input.width())));
    }
  }

  private static List<FeatureGroup> numbers(List<FeatureGroup> groups) {
    return groups.stream().filter(group -> !group.isIndex()).toList();
  }

  private static List<FeatureGroup> categories(List<FeatureGroup> groups) {
    return groups.stream().filter(FeatureGroup::isIndex).toList();
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<FeatureGroup> groups) {
    List<FeatureGroup> categories = categories(groups);
    String last = prefix + NUMBERS;
    if (!categories.isEmpty()) {
      String embedding = prefix + "embedding";
      graph.addLayer(embedding, embeddings.layer(categories), prefix + CATEGORIES);
      last = embedding;
      if (categories.size() < groups.size()) {
        last = prefix + "columns";
        graph.addVertex(last, new MergeVertex(), prefix + NUMBERS, embedding);
      }
    }
    return new DenseStack(hidden, activation, dropout, weightInit).addTo(graph, prefix, last);
  }
}
