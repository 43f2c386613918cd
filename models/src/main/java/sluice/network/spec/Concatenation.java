package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * The vectors one behind the other, and fully connected layers over them.
 *
 * @param hidden units of each layer; may be empty
 * @param activation of the layers
 * @param dropout share of the units that is set to zero in a training step, 0 to below 1
 * @param weightInit distribution of the initial weights
 */
public record Concatenation(
    List<Integer> hidden, HiddenActivation activation, double dropout, InitialWeights weightInit)
    implements Combiner {
  public Concatenation {
    hidden = List.copyOf(hidden);
    DenseStack.check(hidden, dropout);
  }

  /** The vectors alone. */
  public static Concatenation plain() {
    return new Concatenation(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE);
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<String> encoded) {
    String all = encoded.get(0);
    if (encoded.size() > 1) {
      all = prefix + "vectors";
      graph.addVertex(all, new MergeVertex(), encoded.toArray(String[]::new));
    }
    return new DenseStack(hidden, activation, dropout, weightInit).addTo(graph, prefix, all);
  }
}
