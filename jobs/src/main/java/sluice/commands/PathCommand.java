package sluice.commands;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.data.InvalidInput;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.RunFormatting;
import sluice.run.RunDirectory;
import sluice.run.Stage;

/** Where the current output of a stage lies. */
public final class PathCommand implements Command {

  @Override
  public String purpose() {
    return "Prints where the current output of a stage lies.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUN", "STAGE");
  }

  @Override
  public JobResult run(List<String> arguments) {
    Stage stage = stage(arguments.get(1));
    RunDirectory run = RunDirectory.open(new Path(arguments.get(0)), new Configuration());
    return new JobResult(List.of(RunFormatting.path(RunFormatting.published(run, stage).path())));
  }

  private static Stage stage(String name) {
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.directory().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InvalidInput.configuration(
                    "a stage must be one of %s, got %s"
                        .formatted(
                            Arrays.stream(Stage.values())
                                .map(Stage::directory)
                                .collect(Collectors.joining(", ")),
                            name)));
  }
}
