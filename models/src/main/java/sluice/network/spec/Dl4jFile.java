package sluice.network.spec;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import sluice.data.InvalidInput;
import sluice.features.Element;
import sluice.features.TensorSpec;
import sluice.network.ExampleLayout;
import sluice.network.Network;
import sluice.network.Target;
import sluice.network.dl4j.Dl4jConfiguration;

/**
 * The file of a network that a user configured in Deeplearning4j, which has to be read before there
 * is a network.
 *
 * @param configuration the path of the file
 */
public record Dl4jFile(String configuration) implements NetworkSpec {
  /** Its name in configurations. */
  static final String TYPE = "dl4j";

  public Dl4jFile {
    if (configuration.isBlank()) {
      throw InvalidInput.configuration("configuration must be the path of a file, got none");
    }
  }

  /** The network of what the file holds. */
  public Dl4jNetwork holding(byte[] content) {
    return new Dl4jNetwork(Dl4jConfiguration.parse(content, configuration));
  }

  @Override
  public boolean readsSeries(String group, Element of) {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException always, as the file was not read
   */
  @Override
  public Network build(
      List<TensorSpec> groups,
      ExampleLayout layout,
      List<Target> targets,
      NeuralNetConfiguration.Builder training) {
    throw new IllegalStateException(configuration + " was not read");
  }
}
