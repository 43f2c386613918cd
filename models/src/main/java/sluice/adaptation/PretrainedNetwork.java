package sluice.adaptation;

import java.util.List;
import sluice.network.Network;
import sluice.network.spec.NetworkDefinition;
import sluice.normalise.FittedGroup;

/** A network that was trained before, as fine-tuning takes it: a bundle's, or one of elsewhere. */
public interface PretrainedNetwork {
  /** The SHA-256 over all that it is, in hexadecimal. */
  String sha256();

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
}
