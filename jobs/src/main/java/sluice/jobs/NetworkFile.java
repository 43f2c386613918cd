package sluice.jobs;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import sluice.config.PipelineConfig;
import sluice.config.ResolvedConfig;
import sluice.data.InvalidInput;
import sluice.data.NamedFile;
import sluice.network.dl4j.Dl4jConfiguration;
import sluice.network.spec.Dl4jFile;
import sluice.network.spec.Dl4jNetwork;

/**
 * The file of a network that a configuration names. It is read once, when a job begins, so that all
 * stages mean the same network by it; from then on its content is part of the configuration, whose
 * hash changes with it.
 */
public final class NetworkFile {
  private static final String KEY = "model.configuration";

  private NetworkFile() {}

  /**
   * The configuration with what its network's file holds; as it is if it names none.
   *
   * @param hadoop reads the file, wherever it is
   * @throws InvalidInput (configuration) if the file cannot be read, holds what a network may not
   *     have, or does not fit the names of the labels and of the feature groups
   */
  public static ResolvedConfig<PipelineConfig> read(
      ResolvedConfig<PipelineConfig> configuration, Configuration hadoop) {
    if (!(configuration.value().model() instanceof Dl4jFile file)) {
      return configuration;
    }
    PipelineConfig config = configuration.value().with(network(file, hadoop));
    List<String> labels = config.normalise().labelColumns();
    List<String> problems =
        labels.isEmpty()
            ? List.of()
            : config.model().problems(config.normalise().groupNames(), labels);
    if (!problems.isEmpty()) {
      throw InvalidInput.configuration(problems);
    }
    return configuration.with(config);
  }

  private static Dl4jNetwork network(Dl4jFile file, Configuration hadoop) {
    try {
      return file.holding(
          NamedFile.read(file.configuration(), Dl4jConfiguration.MOST_BYTES, hadoop));
    } catch (InvalidInput invalid) {
      throw InvalidInput.configuration(
          invalid.problems().stream().map(problem -> KEY + ": " + problem).toList());
    }
  }
}
