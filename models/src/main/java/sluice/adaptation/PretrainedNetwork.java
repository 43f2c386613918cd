package sluice.adaptation;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.features.TensorSpec;
import sluice.network.Network;
import sluice.network.spec.Encoder;
import sluice.network.spec.EncoderNetwork;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.PretrainedEncoder;
import sluice.normalise.FittedGroup;
import sluice.normalise.NormaliseSettings;

/** A network that was trained before, with all that it reads: a bundle's. */
public interface PretrainedNetwork extends Pretrained {
  /** All that decides it but its parameters; layers are known by their names in this network. */
  NetworkDefinition definition();

  /** As many as the definition's network has, in its order. */
  float[] parameters();

  /** What makes the feature groups that it reads, in the order of the definition's inputs. */
  List<FittedGroup> features();

  /** The network with its parameters. */
  default Network network() {
    return definition().with(parameters());
  }

  @Override
  default boolean isGeneral() {
    return false;
  }

  /**
   * The feature groups that keep its fitted steps.
   *
   * @param contract the columns that there are now
   * @param inputs the groups to take over; empty for all that fit
   * @param where its place, for messages
   * @throws InvalidInput (configuration) as {@link TakenFeatures#of} does
   */
  default TakenFeatures taken(
      NormaliseSettings settings, DatasetContract contract, List<String> inputs, String where) {
    return TakenFeatures.of(features(), settings, contract, inputs, where);
  }

  @Override
  default PretrainedNetwork network(NetworkDefinition definition, List<FittedGroup> features) {
    return this;
  }

  /** Its own encoder of such a feature group; null if it has none. */
  private @Nullable Encoder own(TensorSpec group) {
    boolean known =
        definition().inputs().stream()
            .anyMatch(
                own ->
                    own.name().equals(group.name())
                        && own.element() == group.element()
                        && own.shape().equals(group.shape())
                        && own.cardinalities().equals(group.cardinalities()));
    return known && definition().spec() instanceof EncoderNetwork network
        ? network.inputs().get(group.name())
        : null;
  }

  @Override
  default Optional<String> misfit(TensorSpec group) {
    return own(group) == null
        ? Optional.of(
            "%s must have an encoder of %s, of the same values, and has none"
                .formatted(title(), group.name()))
        : Optional.empty();
  }

  @Override
  default Encoder encoder(TensorSpec group, PretrainedEncoder asked) {
    Encoder own = own(group);
    if (own == null || !asked.isUsual()) {
      throw InvalidInput.configuration(
          "model.inputs.%s: pooling and dropout must be auto, as they are those of %s"
              .formatted(group.name(), title()));
    }
    return own;
  }
}
