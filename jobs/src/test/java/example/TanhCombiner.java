package example;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import sluice.data.Require;
import sluice.network.spec.Combiner;

/** A combiner that another jar adds: one fully connected layer with a tangent over all vectors. */
public record TanhCombiner(int units) implements Combiner {
  public TanhCombiner {
    new Require().atLeast("units", units, 1).hold();
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<String> encoded) {
    graph.addLayer(
        prefix + "combined",
        new DenseLayer.Builder()
            .nOut(units)
            .activation(Activation.TANH)
            .weightInit(WeightInit.XAVIER)
            .build(),
        encoded.toArray(String[]::new));
    return prefix + "combined";
  }
}
