package sluice.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.data.TextTable;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.RunFormatting;
import sluice.run.ModelRegistry;
import sluice.run.ModelRegistry.Change;
import sluice.run.ModelVersion;

/** The versions of each pipeline's model. */
public final class ModelsCommand implements Command {
  private static final List<String> SHOWN =
      List.of("microF1", "rocAuc", "accuracy", "f1", "logLoss", "rmse", "mae");
  private static final int MOST = 2;

  @Override
  public String purpose() {
    return "Lists the registered models of the runs below a directory: versions, stage, metrics.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUNS");
  }

  @Override
  public JobResult run(List<String> arguments) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("model", "version", "stage", "since", "date", "bundle", "test", "files"));
    for (ModelRegistry registry :
        ModelRegistry.all(new Path(arguments.get(0)), new Configuration())) {
      List<Change> changes = registry.changes();
      Optional<Integer> inUse = registry.inUse().map(ModelVersion::version);
      for (ModelVersion version : registry.versions()) {
        Optional<Change> latest =
            changes.stream()
                .filter(change -> change.version() == version.version())
                .reduce((earlier, later) -> later);
        table.add(
            List.of(
                registry.name(),
                Integer.toString(version.version()),
                stage(version, inUse, latest),
                latest.map(Change::since).orElse(version.created()),
                Optional.ofNullable(version.date()).orElse(""),
                version.bundle(),
                scores(version),
                RunFormatting.path(registry.path(version.version()))));
      }
    }
    return table.size() == 1
        ? new JobResult(List.of("no models in " + arguments.get(0)))
        : new JobResult(TextTable.lines(table));
  }

  private static String stage(
      ModelVersion version, Optional<Integer> inUse, Optional<Change> latest) {
    if (inUse.equals(Optional.of(version.version()))) {
      return "in use";
    }
    return latest.isPresent() ? "retired" : "registered";
  }

  /** The first of the shown metrics: of the label, or of each of several, as in {@code y.mae}. */
  private static String scores(ModelVersion version) {
    Map<String, Double> scores = version.scores();
    return scores.keySet().stream()
        .map(name -> name.substring(0, name.lastIndexOf('.') + 1))
        .distinct()
        .flatMap(label -> SHOWN.stream().map(label::concat).filter(scores::containsKey).limit(MOST))
        .map(name -> name + " " + RunFormatting.figure(scores.get(name)))
        .collect(Collectors.joining(", "));
  }
}
