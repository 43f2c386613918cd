package sluice.network.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.data.InvalidInput;
import sluice.data.NamedTypes;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.NetworkInput;
import sluice.network.Target;
import sluice.network.UpdaterSpec;

/**
 * A network as the configuration asks for it: an immutable record that builds its own
 * Deeplearning4j network once the widths of its inputs and its targets are known.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "type")
@JsonTypeIdResolver(NetworkSpec.Names.class)
public interface NetworkSpec {

  /** The specifications that are whole in a configuration, by their names. */
  NamedTypes<NetworkSpec> OWN =
      NamedTypes.of(NetworkSpec.class)
          .with("auto", AutoNetwork.class)
          .with("network", EncoderNetwork.class)
          .with("mlp", MultilayerPerceptron.class)
          .with("lenet", LeNet.class)
          .with("resnet", ResNet.class);

  /** Those of configurations, which name a file where bundles have what it held. */
  NamedTypes<NetworkSpec> CONFIGURED = OWN.with(Dl4jFile.TYPE, Dl4jFile.class);

  /** Those of bundles. */
  NamedTypes<NetworkSpec> TYPES = OWN.with(Dl4jFile.TYPE, Dl4jNetwork.class);

  /** The names in JSON. */
  final class Names extends NamedTypes.Resolver {
    /** For Jackson. */
    public Names() {
      super(TYPES);
    }
  }

  /** This, or what stands for it with these features. */
  default NetworkSpec settled(List<TensorSpec> groups) {
    return this;
  }

  /**
   * This, with the encoders of a network that was trained before where it leaves them to that.
   *
   * @throws InvalidInput (configuration) with all encoders that it leaves to it and that it lacks
   */
  default NetworkSpec taking(List<TensorSpec> groups, PretrainedEncoder.Source from) {
    return this;
  }

  /** The feature groups whose encoders must be those of a network that was trained before. */
  default List<String> pretrained() {
    return List.of();
  }

  /**
   * Why it cannot be a network over these features and targets: all problems, or none, each
   * beginning with the path of its key.
   *
   * @param groups the names of the feature groups
   * @param targets the names of the labels
   */
  default List<String> problems(List<String> groups, List<String> targets) {
    return List.of();
  }

  /**
   * Whether it may read a feature group that is a series; {@link #inputs} tells for sure.
   *
   * @param of what the steps of the series are
   */
  default boolean readsSeries(String group, Element of) {
    return false;
  }

  /**
   * Why it cannot tag the steps of a feature group: all problems, or none, each beginning with the
   * path of its key.
   *
   * @param label whose tags they are
   * @param group that is the series
   */
  default List<String> tagProblems(String label, String group) {
    return List.of(
        "model must be auto, or network with an encoder of %s, for a label of tags, as %s is"
            .formatted(group, label));
  }

  /**
   * The inputs of the network, in its order; one of all groups unless a network says otherwise.
   *
   * @param groups the feature groups of an example
   * @param layout of the examples
   * @throws InvalidInput (configuration) if it takes no such groups
   */
  default List<NetworkInput> inputs(List<TensorSpec> groups, ExampleLayout layout) {
    return List.of(NetworkInput.of("features", layout, groups));
  }

  /**
   * The network for these features and these targets, with initial weights; of whichever kind suits
   * it. Its inputs are those of {@link #inputs}, its outputs those of the targets in their order.
   *
   * @param groups the feature groups of an example
   * @param layout of the examples
   * @param training holds all that concerns training, the seed of the initial weights too, and is
   *     to be completed with layers
   * @throws InvalidInput (configuration) if it cannot be built for such features or such targets
   */
  Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training);

  /** What a loss of this target counts for in the sum over all targets. */
  default double lossWeight(Target target) {
    return 1;
  }

  /** What training makes small for the label of this name. */
  default Loss lossOf(String label) {
    return Loss.AUTO;
  }

  /** Whether it has a factor of the squared weights in the loss. */
  default boolean hasL2() {
    return false;
  }

  /** Why it cannot be trained by this updater; nothing if it can. */
  default Optional<String> misfit(UpdaterSpec updater) {
    return hasL2() && updater.weightDecay() > 0
        ? Optional.of(
            "model.l2 must be 0 with train.updater %s, whose weight decay takes its place"
                .formatted(UpdaterSpec.TYPES.name(updater)))
        : Optional.empty();
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
