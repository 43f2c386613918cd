package sluice.adaptation;

import java.util.List;
import sluice.data.InvalidInput;
import sluice.network.spec.NetworkDefinition;
import sluice.network.spec.PretrainedEncoder;
import sluice.normalise.FittedGroup;

/** What fine-tuning takes encoders from: a network of Sluice, or weights of elsewhere. */
public interface Pretrained extends PretrainedEncoder.Source {
  /** The SHA-256 over all that it is, in hexadecimal. */
  String sha256();

  /** What it is called where people read of it. */
  String title();

  /** Whether it has learned of far more data than it is fine-tuned on, and other data. */
  boolean isGeneral();

  /**
   * Its network, to be compared with another.
   *
   * @param definition the one to train
   * @param features its fitted feature groups
   * @throws InvalidInput (configuration) if nothing of that can be its own
   */
  PretrainedNetwork network(NetworkDefinition definition, List<FittedGroup> features);
}
