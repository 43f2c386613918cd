package sluice.commands;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.data.TextTable;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.RunFormatting;
import sluice.run.ModelRegistry;
import sluice.run.ModelVersion;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunStatus;
import sluice.run.Stage;

/** What became of each run: its last job, its bundle and what that came to. */
public final class RunsCommand implements Command {

  @Override
  public String purpose() {
    return "Lists the runs below a directory: last job, bundle, metrics, version in use.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS");
  }

  @Override
  public JobResult run(List<String> arguments) {
    Configuration hadoop = new Configuration();
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("run", "last job", "state", "since", "bundle", "test", "version"));
    Map<String, Registered> registered = new HashMap<>();
    for (RunDirectory run : RunDirectory.all(new Path(arguments.get(0)), hadoop)) {
      table.add(
          row(
              run,
              registered.computeIfAbsent(
                  run.name(), name -> Registered.of(ModelRegistry.of(run, hadoop))),
              hadoop));
    }
    return table.size() == 1
        ? new JobResult(List.of("no runs in " + arguments.get(0)))
        : new JobResult(TextTable.lines(table));
  }

  /** What is registered of a pipeline, by bundle. */
  private record Registered(Map<String, Integer> versions, Optional<Integer> inUse) {
    static Registered of(ModelRegistry registry) {
      Map<String, Integer> versions = new HashMap<>();
      registry.versions().forEach(there -> versions.put(there.bundle(), there.version()));
      return new Registered(versions, registry.inUse().map(ModelVersion::version));
    }
  }

  private static List<String> row(RunDirectory run, Registered registered, Configuration hadoop) {
    Optional<RunStatus> status = run.status();
    Optional<String> bundle =
        run.current(Stage.MODEL).map(Published::manifest).map(manifest -> manifest.content());
    Optional<Integer> version = bundle.map(registered.versions()::get);
    return List.of(
        run.title(),
        status.map(RunStatus::job).orElse(""),
        status.map(there -> there.state().text()).orElse(""),
        status.map(there -> there.ended() == null ? there.started() : there.ended()).orElse(""),
        bundle.map(RunFormatting::brief).orElse(""),
        RunFormatting.headline(run, hadoop),
        version
            .map(there -> there + (registered.inUse().equals(version) ? ", in use" : ""))
            .orElse(""));
  }
}
