package sluice.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sluice.data.InvalidInput;
import sluice.data.Json;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.network.dl4j.Dl4jConfiguration;
import sluice.network.keras.KerasFile;

/** Turns the architecture of a Keras file into a file for {@code model.configuration}. */
public final class KerasCommand implements Command {
  @Override
  public String purpose() {
    return "Converts a Keras model (.h5, .keras, or JSON) to a network for model.type = dl4j.";
  }

  @Override
  public List<String> parameters() {
    return List.of("MODEL", "NETWORK");
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidInput (configuration) if there is a file where the network is to be written;
   *     (data) if the model cannot be converted
   */
  @Override
  public JobResult run(List<String> arguments) {
    Path to = Path.of(arguments.get(1));
    if (Files.exists(to)) {
      throw InvalidInput.configuration(to + ": must not be there, it would be overwritten");
    }
    Dl4jConfiguration network = KerasFile.read(Path.of(arguments.get(0)));
    try {
      Files.writeString(to, Json.write(network));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + to, e);
    }
    return new JobResult(
        List.of(
            "wrote %s, of the architecture alone: weights and optimiser are left behind"
                .formatted(to)));
  }
}
