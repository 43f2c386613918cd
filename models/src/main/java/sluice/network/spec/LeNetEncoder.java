package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * The convolutions of {@link LeNet} over one picture and its fully connected layer.
 *
 * @param filters of each convolution, at least one of them
 * @param dense units of the fully connected layer, which gives the vector
 * @param activation of the convolutions and the fully connected layer
 * @param dropout share of the fully connected layer's units that is set to zero in a training step
 * @param weightInit distribution of the initial weights
 */
public record LeNetEncoder(
    List<Integer> filters,
    int dense,
    HiddenActivation activation,
    double dropout,
    InitialWeights weightInit)
    implements Encoder {
  private static final String PICTURE = "picture";

  public LeNetEncoder {
    filters = List.copyOf(filters);
    LeNet.check(filters, dense, dropout);
  }

  @Override
  public boolean readsSeries(Element of) {
    return false;
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    Picture picture = Picture.of(groups, "encoder lenet", LeNet.leastSize(filters));
    return List.of(new Input(NetworkInput.of(prefix + PICTURE, layout, groups), picture.type()));
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    String last = prefix + PICTURE;
    for (int i = 0; i < filters.size(); i++) {
      String name = prefix + "convolution" + (i + 1);
      graph.addLayer(name, LeNet.convolution(filters.get(i), activation, weightInit), last);
      last = prefix + "pooling" + (i + 1);
      graph.addLayer(last, LeNet.pooling(), name);
    }
    return new DenseStack(List.of(dense), activation, dropout, weightInit)
        .addTo(graph, prefix, last);
  }
}
