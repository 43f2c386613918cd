package sluice.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/**
 * A network as the configuration asks for it: an immutable record that builds its own
 * Deeplearning4j configuration once the widths of its inputs and its target are known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes(@JsonSubTypes.Type(value = MultilayerPerceptron.class, name = "mlp"))
public sealed interface NetworkSpec permits MultilayerPerceptron {

  /** The specifications by the name that the configuration gives them. */
  Map<String, Class<? extends NetworkSpec>> TYPES = Map.of("mlp", MultilayerPerceptron.class);

  /**
   * The network for these inputs and this target.
   *
   * @param seed of the initial weights, not zero
   */
  MultiLayerConfiguration configuration(
      InputLayout inputs, Target target, UpdaterSpec updater, long seed);
}
