package example;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import sluice.data.Require;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.NetworkInput;
import sluice.network.spec.Encoder;

/** An encoder that another jar adds: one fully connected layer with a tangent. */
public record TanhLayer(int units) implements Encoder {
  public TanhLayer {
    new Require().atLeast("units", units, 1).hold();
  }

  @Override
  public List<Input> inputs(String prefix, List<TensorSpec> groups, ExampleLayout layout) {
    NetworkInput values = NetworkInput.of(prefix + "values", layout, groups);
    return List.of(new Input(values, InputType.feedForward(values.width())));
  }

  @Override
  public String addTo(GraphBuilder graph, String prefix, List<TensorSpec> groups) {
    graph.addLayer(
        prefix + "tanh",
        new DenseLayer.Builder()
            .nOut(units)
            .activation(Activation.TANH)
            .weightInit(WeightInit.XAVIER)
            .build(),
        prefix + "values");
    return prefix + "tanh";
  }
}
