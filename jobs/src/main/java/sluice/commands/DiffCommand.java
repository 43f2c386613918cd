package sluice.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sluice.data.Task;
import sluice.data.TextTable;
import sluice.evaluation.Metrics;
import sluice.evaluation.MetricsFile;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.metric.Metric;
import sluice.jobs.Command;
import sluice.jobs.JobResult;
import sluice.jobs.NamedSettings;
import sluice.jobs.RunFormatting;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.Stage;

/** In what two runs differ: stages and why, settings, metrics. */
public final class DiffCommand implements Command {

  @Override
  public String purpose() {
    return "Tells in what two runs differ: stages and why, settings, metrics of the test part.";
  }

  @Override
  public List<String> parameters() {
    return List.of("RUN", "OTHER");
  }

  @Override
  public JobResult run(List<String> arguments) {
    Configuration hadoop = new Configuration();
    RunDirectory one = RunDirectory.open(new Path(arguments.get(0)), hadoop);
    RunDirectory other = RunDirectory.open(new Path(arguments.get(1)), hadoop);
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("", RunFormatting.path(one.root()), RunFormatting.path(other.root())));
    for (Stage stage : Stage.values()) {
      stage(stage, one.current(stage), other.current(stage), table);
    }
    settings(one, other, hadoop, table);
    metrics(one, other, hadoop, table);
    return new JobResult(TextTable.lines(table));
  }

  private static void stage(
      Stage stage, Optional<Published> one, Optional<Published> other, List<List<String>> table) {
    if (one.isEmpty() && other.isEmpty()) {
      return;
    }
    String verdict;
    if (one.isEmpty() || other.isEmpty()) {
      verdict = "only one has it";
    } else if (one.get()
        .manifest()
        .contentDigest()
        .equals(other.get().manifest().contentDigest())) {
      verdict = "same";
    } else {
      List<String> changes = other.get().manifest().key().changesSince(one.get().manifest().key());
      verdict = changes.isEmpty() ? "differs" : "differs by " + String.join(", ", changes);
    }
    table.add(List.of(stage.directory(), rows(one), rows(other), verdict));
  }

  private static String rows(Optional<Published> published) {
    return published.map(there -> RunFormatting.rows(there.manifest().rows())).orElse("none");
  }

  private static void settings(
      RunDirectory one, RunDirectory other, Configuration hadoop, List<List<String>> table) {
    if (one.current(Stage.MODEL).isEmpty() || other.current(Stage.MODEL).isEmpty()) {
      return;
    }
    Map<String, String> left = settings(one, hadoop);
    Map<String, String> right = settings(other, hadoop);
    TreeSet<String> paths = new TreeSet<>(left.keySet());
    paths.addAll(right.keySet());
    for (String path : paths) {
      String before = left.getOrDefault(path, "none");
      String after = right.getOrDefault(path, "none");
      if (!before.equals(after)) {
        table.add(List.of(path, before, after));
      }
    }
  }

  private static Map<String, String> settings(RunDirectory run, Configuration hadoop) {
    return NamedSettings.of(RunFormatting.bundle(run, hadoop).provenance().configuration());
  }

  private static void metrics(
      RunDirectory one, RunDirectory other, Configuration hadoop, List<List<String>> table) {
    Optional<MetricsFile> left = RunFormatting.metrics(one, hadoop);
    Optional<MetricsFile> right = RunFormatting.metrics(other, hadoop);
    if (left.isEmpty() || right.isEmpty() || !tasks(left.get()).equals(tasks(right.get()))) {
      return;
    }
    for (int l = 0; l < left.get().reports().size(); l++) {
      MetricsReport before = left.get().reports().get(l);
      MetricsReport after = right.get().reports().get(l);
      for (Metric<?> metric : Metrics.headline(before.label())) {
        table.add(
            List.of(
                "test " + left.get().name(before, metric.name()),
                RunFormatting.figure(before.test().value(metric)),
                RunFormatting.figure(after.test().value(metric))));
      }
    }
  }

  private static List<Task> tasks(MetricsFile metrics) {
    return metrics.reports().stream().map(MetricsReport::task).toList();
  }
}
