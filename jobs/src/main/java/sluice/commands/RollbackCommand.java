package sluice.commands;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.run.ModelRegistry;

/** Puts back in use what was before. */
public final class RollbackCommand implements Command {

  @Override
  public String purpose() {
    return "Puts that version of a model back in use that was before the current one.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS", "NAME");
  }

  @Override
  public JobResult run(List<String> arguments) {
    ModelRegistry registry =
        ModelRegistry.of(new Path(arguments.get(0)), arguments.get(1), new Configuration());
    return UseCommand.use(registry, registry.previous().version());
  }
}
