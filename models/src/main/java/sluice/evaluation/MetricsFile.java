package sluice.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import sluice.data.InvalidInput;
import sluice.data.Json;

/**
 * What metrics.json holds: of one label its {@link MetricsReport}, of several {@code labels}, a
 * list with a report for each. A metric of several is called {@code <column>.<metric>}.
 *
 * @param reports at least one, of different columns
 */
public record MetricsFile(List<MetricsReport> reports) {
  private static final String LABELS = "labels";

  private record Several(List<MetricsReport> labels) {}

  public MetricsFile {
    reports = List.copyOf(reports);
    if (reports.isEmpty()) {
      throw InvalidInput.data("metrics must be of at least one label, got none");
    }
  }

  /**
   * Reads it.
   *
   * @param where the file, for messages
   * @throws InvalidInput (data) if it cannot be understood
   */
  public static MetricsFile read(String json, String where) {
    JsonNode tree = Json.tree(json, where);
    return tree.has(LABELS)
        ? new MetricsFile(Json.read(json, Several.class, where).labels())
        : new MetricsFile(List.of(Json.read(json, MetricsReport.class, where)));
  }

  /** The file's text. */
  public String json() {
    return Json.write(reports.size() == 1 ? reports.get(0) : new Several(reports));
  }

  /** What a metric of a report is called here. */
  public String name(MetricsReport report, String metric) {
    return reports.size() == 1 ? metric : report.label().column() + "." + metric;
  }

  /** A report, and the name of one of its metrics. */
  record Named(MetricsReport report, String metric) {}

  /** What a name here stands for; of an unknown label a metric that no report has. */
  Named named(String name) {
    int dot = name.lastIndexOf('.');
    return reports.stream()
        .filter(report -> dot > 0 && report.label().column().equals(name.substring(0, dot)))
        .findFirst()
        .filter(report -> reports.size() > 1)
        .map(report -> new Named(report, name.substring(dot + 1)))
        .orElse(new Named(reports.get(0), name));
  }

  /** The values of the test part that are defined, by name. */
  public Map<String, Double> testValues() {
    Map<String, Double> values = new TreeMap<>();
    for (MetricsReport report : reports) {
      report
          .test()
          .values()
          .forEach(
              (metric, value) -> {
                if (value != null) {
                  values.put(name(report, metric), value);
                }
              });
    }
    return values;
  }

  /** The table of each label for a screen, see {@link HeadlineTable}. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (MetricsReport report : reports) {
      if (reports.size() > 1) {
        lines.add("label " + report.label().column());
      }
      HeadlineTable.of(report).lines().forEach(lines::add);
    }
    return lines;
  }

  /** The rows of {@link MetricsReport#metricsTable} of every label. */
  public Dataset<Row> metricsTable(SparkSession session) {
    return reports.stream()
        .map(report -> report.metricsTable(session, name(report, "")))
        .reduce(Dataset::unionAll)
        .orElseThrow();
  }
}
