package sluice.jobs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import sluice.bundle.ModelBundle;
import sluice.data.Decimal;
import sluice.data.ForeignFile;
import sluice.data.InvalidInput;
import sluice.evaluation.Metrics;
import sluice.evaluation.MetricsFile;
import sluice.evaluation.MetricsReport;
import sluice.run.Published;
import sluice.run.RunDirectory;
import sluice.run.RunFile;
import sluice.run.Stage;
import sluice.stages.EvaluateStage;

/** What is said of runs, and read of them without Spark. */
public final class RunFormatting {
  private static final int BRIEF = 12;

  private RunFormatting() {}

  /** The beginning of a digest, enough to tell it from others. */
  public static String brief(String digest) {
    return digest.substring(0, Math.min(BRIEF, digest.length()));
  }

  /** A path as a person would say it: without the scheme of local files. */
  public static String path(Path path) {
    return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
  }

  /** A path as the user would type it here: from the working directory, if it lies below. */
  public static String here(Path path) {
    String whole = path(path);
    return whole.startsWith("/") ? here(java.nio.file.Path.of(whole)) : whole;
  }

  /** A path of a local disk, likewise. */
  public static String here(java.nio.file.Path path) {
    java.nio.file.Path here = java.nio.file.Path.of("").toAbsolutePath();
    return (path.startsWith(here) ? here.relativize(path) : path).toString();
  }

  /**
   * The current output of a stage.
   *
   * @throws InvalidInput (data) if there is none
   */
  public static Published published(RunDirectory run, Stage stage) {
    return run.current(stage)
        .orElseThrow(
            () ->
                InvalidInput.data(
                    "%s: %s was never published".formatted(run.root(), stage.directory())));
  }

  /** The judgement of the run, if it was evaluated. */
  public static Optional<MetricsFile> metrics(RunDirectory run, Configuration hadoop) {
    return run.current(Stage.METRICS)
        .map(
            metrics -> {
              Path file = new Path(metrics.path(), EvaluateStage.METRICS_FILE);
              return MetricsFile.read(
                  new String(read(file, hadoop, ForeignFile.mostText()), StandardCharsets.UTF_8),
                  file.toString());
            });
  }

  /** The first two of the headline metrics of each label, or nothing. */
  public static String headline(RunDirectory run, Configuration hadoop) {
    return metrics(run, hadoop)
        .map(
            metrics ->
                metrics.reports().stream()
                    .flatMap(report -> headline(metrics, report))
                    .collect(Collectors.joining(", ")))
        .orElse("");
  }

  private static Stream<String> headline(MetricsFile metrics, MetricsReport report) {
    return Metrics.headline(report.label()).stream()
        .filter(metric -> report.test().value(metric) != null)
        .limit(2)
        .map(
            metric ->
                metrics.name(report, metric.name()) + " " + figure(report.test().value(metric)));
  }

  public static String figure(@Nullable Double value) {
    return value == null ? "undefined" : Decimal.rounded(value);
  }

  /** Counts of rows by name, as in {@code rows 45,211}. */
  public static String rows(Map<String, Long> rows) {
    SortedMap<String, Long> sorted = new TreeMap<>(rows);
    return sorted.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  /**
   * The bundle of a run.
   *
   * @throws InvalidInput (data) if none was published
   */
  public static ModelBundle bundle(RunDirectory run, Configuration hadoop) {
    Published model = published(run, Stage.MODEL);
    return ModelBundle.of(
        (name, most) -> read(new Path(model.path(), name), hadoop, most), model.path().toString());
  }

  private static byte[] read(Path file, Configuration hadoop, long most) {
    try {
      return RunFile.read(file, hadoop, most);
    } catch (IOException e) {
      throw InvalidInput.data("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
