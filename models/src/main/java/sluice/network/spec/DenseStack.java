package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import sluice.data.InvalidInput;
import sluice.network.spec.MultilayerPerceptron.HiddenActivation;
import sluice.network.spec.MultilayerPerceptron.InitialWeights;

/**
 * Fully connected layers one behind the other in a graph, with dropout behind each.
 *
 * @param hidden units of each layer; may be empty
 * @param activation of the layers
 * @param dropout share of the units that is set to zero in a training step, 0 to below 1
 * @param weightInit distribution of the initial weights
 */
record DenseStack(
    List<Integer> hidden, HiddenActivation activation, double dropout, InitialWeights weightInit) {
  private static final int MOST_LAYERS = 1000;

  /** Refuses what no such layers can be. */
  static void check(List<Integer> hidden, double dropout) {
    OutputLayers.checkDepth("hidden", hidden, MOST_LAYERS);
    if (hidden.stream().anyMatch(units -> units < 1)) {
      throw InvalidInput.configuration("hidden must hold numbers of at least 1, got " + hidden);
    }
    OutputLayers.checkPenalties(dropout, 0);
  }

  /**
   * Adds the layers.
   *
   * @param prefix of their names
   * @param input the vertex that they read
   * @return the vertex that gives what comes out, the input if there are none
   */
  String addTo(GraphBuilder graph, String prefix, String input) {
    String last = input;
    for (int i = 0; i < hidden.size(); i++) {
      String name = prefix + "dense" + (i + 1);
      graph.addLayer(
          name,
          new DenseLayer.Builder()
              .nOut(hidden.get(i))
              .activation(activation.activation)
              .weightInit(weightInit.init)
              .build(),
          last);
      last = name;
      if (dropout > 0) {
        last = prefix + "dropout" + (i + 1);
        // Deeplearning4j takes the share that is kept.
        graph.addLayer(last, new DropoutLayer.Builder(1 - dropout).build(), name);
      }
    }
    return last;
  }
}
