package sluice.commands;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.bundle.ModelBundle;
import sluice.bundle.Provenance;
import sluice.data.TextTable;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.RunFormatting;
import sluice.run.ModelRegistry;
import sluice.run.ModelVersion;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.Stage;

/** What made a run's bundle: each stage and its inputs, back to the fingerprint of the source. */
public final class ShowCommand implements Command {

  @Override
  public String purpose() {
    return "Shows a run: its stages, what each was made from, the bundle and its metrics.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUN");
  }

  @Override
  public JobResult run(List<String> arguments) {
    Configuration hadoop = new Configuration();
    RunDirectory run = RunDirectory.open(new Path(arguments.get(0)), hadoop);
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("run", RunFormatting.path(run.root())));
    run.status()
        .ifPresent(
            status ->
                table.add(
                    List.of(
                        "status",
                        "%s %s, started %s%s%s"
                            .formatted(
                                status.job(),
                                status.state().text(),
                                status.started(),
                                status.ended() == null ? "" : ", ended " + status.ended(),
                                status.message().isEmpty() ? "" : ": " + status.message()))));
    for (LocalDate date : earlierDates(run)) {
      stages(run.at(date), List.of(Stage.RAW, Stage.CLEAN), " " + date, table);
    }
    stages(run, List.of(Stage.values()), "", table);
    if (run.current(Stage.MODEL).isPresent()) {
      ModelBundle bundle = RunFormatting.bundle(run, hadoop);
      provenance(bundle.provenance(), table);
      table.add(List.of("bundle", bundle.id()));
      registered(run, bundle.id(), hadoop, table);
    }
    String headline = RunFormatting.headline(run, hadoop);
    if (!headline.isEmpty()) {
      table.add(List.of("test", headline));
    }
    return new JobResult(TextTable.lines(table));
  }

  /** The dates that the run took rows from besides its own, as its split says. */
  private static List<LocalDate> earlierDates(RunDirectory run) {
    String clean = Stage.CLEAN.directory() + " ";
    return run.current(Stage.SPLIT)
        .map(
            split ->
                split.manifest().key().inputs().keySet().stream()
                    .filter(name -> name.startsWith(clean))
                    .map(name -> LocalDate.parse(name.substring(clean.length())))
                    .filter(date -> !Optional.of(date).equals(run.date()))
                    .toList())
        .orElse(List.of());
  }

  private static void stages(
      RunDirectory run, List<Stage> stages, String suffix, List<List<String>> table) {
    for (Stage stage : stages) {
      Optional<Published> there = run.current(stage);
      if (there.isPresent()) {
        table.add(
            List.of(
                stage.directory() + suffix,
                there.get().attempt(),
                RunFormatting.rows(there.get().manifest().rows()),
                "from " + inputs(there.get().manifest().key().inputs())));
      }
    }
  }

  private static String inputs(Map<String, String> inputs) {
    return inputs.entrySet().stream()
        .map(entry -> entry.getKey() + " " + RunFormatting.brief(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static void provenance(Provenance made, List<List<String>> table) {
    new TreeMap<>(made.data())
        .forEach(
            (name, fingerprint) -> {
              if (name.startsWith("source")) {
                table.add(List.of(name, fingerprint));
              }
            });
    table.add(List.of("configuration", made.configurationHash()));
    table.add(List.of("seed", Long.toString(made.seed())));
    table.add(List.of("code", made.code()));
  }

  private static void registered(
      RunDirectory run, String bundle, Configuration hadoop, List<List<String>> table) {
    ModelRegistry registry = ModelRegistry.of(run, hadoop);
    Optional<ModelVersion> inUse = registry.inUse();
    registry.versions().stream()
        .filter(version -> version.bundle().equals(bundle))
        .forEach(
            version ->
                table.add(
                    List.of(
                        "version",
                        inUse.map(ModelVersion::version).equals(Optional.of(version.version()))
                            ? version.version() + ", in use"
                            : Integer.toString(version.version()))));
  }
}
