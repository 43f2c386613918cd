package sluice.commands;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.RunFormatting;
import sluice.run.ModelRegistry;
import sluice.run.ModelVersion;

/** Puts a registered version in use. */
public final class UseCommand implements Command {

  @Override
  public String purpose() {
    return "Puts a registered version of a model in use, whatever is.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS", "NAME", "VERSION");
  }

  @Override
  public JobResult run(List<String> arguments) {
    String version = arguments.get(2);
    if (!version.matches("[1-9][0-9]{0,5}")) {
      throw InvalidInput.configuration("VERSION must be a number from 1, got " + version);
    }
    return use(
        ModelRegistry.of(new Path(arguments.get(0)), arguments.get(1), new Configuration()),
        Integer.parseInt(version));
  }

  static JobResult use(ModelRegistry registry, int version) {
    Optional<ModelVersion> before = registry.use(version, InstantSource.system());
    return new JobResult(
        List.of(
            "version %d of %s is in use%s: %s"
                .formatted(
                    version,
                    registry.name(),
                    before.map(there -> ", instead of version " + there.version()).orElse(""),
                    RunFormatting.path(registry.path(version)))));
  }
}
