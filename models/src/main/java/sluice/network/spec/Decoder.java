package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.jspecify.annotations.Nullable;
import sluice.data.Require;
import sluice.network.Target;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * What makes the prediction of one target of the vector that all share.
 *
 * @param hidden units of fully connected layers before the output layer; may be empty
 * @param activation of these layers
 * @param dropout share of their units that is set to zero in a training step, 0 to below 1
 * @param weightInit distribution of their initial weights
 * @param weight what the loss of the target counts for in the sum over all, above 0
 * @param loss what training makes small for the target; null for that of the network
 */
public record Decoder(
    List<Integer> hidden,
    HiddenActivation activation,
    double dropout,
    InitialWeights weightInit,
    double weight,
    @Nullable Loss loss) {
  public Decoder {
    hidden = List.copyOf(hidden);
    DenseStack.check(hidden, dropout);
    new Require().above("weight", weight, 0).hold();
  }

  /** With the loss of the network. */
  public Decoder(
      List<Integer> hidden,
      HiddenActivation activation,
      double dropout,
      InitialWeights weightInit,
      double weight) {
    this(hidden, activation, dropout, weightInit, weight, null);
  }

  /** The output layer alone. */
  static Decoder plain() {
    return new Decoder(List.of(), HiddenActivation.RELU, 0, InitialWeights.HE, 1);
  }

  /**
   * Adds layers to a graph.
   *
   * @param vector the vertex that they read; of tags one that gives a vector for each step
   * @return the name of the output layer
   */
  String addTo(GraphBuilder graph, String vector, Target target, Loss loss, Weighting weighting) {
    String prefix = "decoder/" + target.name() + "/";
    if (target.isOfSteps()) {
      graph.addLayer(prefix + "output", OutputLayers.ofSteps(target, loss), vector);
      return prefix + "output";
    }
    String last =
        new DenseStack(hidden, activation, dropout, weightInit).addTo(graph, prefix, vector);
    graph.addLayer(prefix + "output", OutputLayers.output(target, loss, weighting), last);
    return prefix + "output";
  }
}
