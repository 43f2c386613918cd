package sluice.network;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;

/**
 * A network as the configuration asks for it: an immutable record that builds its own
 * Deeplearning4j network once the widths of its inputs and its target are known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(NetworkSpec.Names.class)
public interface NetworkSpec {

  /** The specifications by the name that configurations and bundles give them. */
  NamedTypes<NetworkSpec> TYPES =
      NamedTypes.of(NetworkSpec.class)
          .with("mlp", MultilayerPerceptron.class)
          .with("lenet", LeNet.class)
          .with("resnet", ResNet.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    public Names() {
      super(TYPES);
    }
  }

  /**
   * The network for these inputs and this target, with initial weights; of whichever kind suits it.
   *
   * @param training holds all that concerns training, the seed of the initial weights too, and is
   *     to be completed with layers
   * @throws InvalidInput (configuration) if it cannot be built for such inputs or such a target
   */
  Network build(InputLayout inputs, Target target, NeuralNetConfiguration.Builder training);

  /** What training makes small. */
  default Loss loss() {
    return Loss.AUTO;
  }

  /** Whether the factor of the squared weights in the loss is left to the training. */
  default boolean leavesL2ToTraining() {
    return false;
  }

  /** This, with the factor of the squared weights if it was left open. */
  default NetworkSpec withL2(double l2) {
    return this;
  }
}
