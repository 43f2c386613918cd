package sluice.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import sluice.data.Task;
import sluice.decision.Decision;
import sluice.decision.FittedDecision;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Scores;

/**
 * The judgement of a network's predictions of one label. A file of 0.1.0, which knew of no
 * decisions and of no best model, is read too.
 *
 * @param task what was asked of the network
 * @param label what is predicted
 * @param test the network on the test part
 * @param validation the network on the validation part; null if there is none
 * @param decisions by model, what makes classes of its probabilities; empty for numbers
 * @param baselines each baseline on the test part, by type
 * @param slices the network on the test part by the values of each slice column, the most frequent
 *     first
 * @param intervals of the metrics of the test part
 * @param rows the ledger: rows by fate
 * @param measuredOnTrainingRows whether nothing was split off, so that the test part is what the
 *     network was trained on
 */
public record MetricsReport(
    Task task,
    Label label,
    Scores test,
    @Nullable Scores validation,
    @Nullable Map<String, Decided> decisions,
    Map<String, Scores> baselines,
    Map<String, List<Slice>> slices,
    Intervals intervals,
    Map<String, Long> rows,
    boolean measuredOnTrainingRows) {

  /** The network's name among the models. */
  public static final String NETWORK = "network";

  /** What is said where {@link #hasIntervals} is false. */
  public static final String NO_INTERVALS = "no bootstrap intervals, which take two rows";

  private static final StructType TABLE =
      new StructType()
          .add("part", DataTypes.StringType, false)
          .add("model", DataTypes.StringType, false)
          .add("slice", DataTypes.StringType, true)
          .add("rows", DataTypes.LongType, false)
          .add("metric", DataTypes.StringType, false)
          .add("value", DataTypes.DoubleType, true)
          .add("low", DataTypes.DoubleType, true)
          .add("high", DataTypes.DoubleType, true)
          .add("note", DataTypes.StringType, true);

  public MetricsReport {
    decisions =
        decisions == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    slices = Collections.unmodifiableMap(new LinkedHashMap<>(slices));
    rows = Collections.unmodifiableMap(new TreeMap<>(rows));
  }

  /** Whether the test part has the rows that intervals take. */
  public boolean hasIntervals() {
    return test.rows() >= Resamples.LEAST_ROWS;
  }

  /** By model, what makes classes of its probabilities; empty where that is not known. */
  @Override
  public Map<String, Decided> decisions() {
    return decisions == null ? Map.of() : decisions;
  }

  /**
   * What makes classes of a model's probabilities.
   *
   * @param calibration what was done to the probabilities
   * @param threshold from which probability of the positive class on it is decided on; null but of
   *     two classes
   * @param notes what was asked for and could not be had
   */
  public record Decided(String calibration, @Nullable Double threshold, List<String> notes) {
    public Decided {
      notes = List.copyOf(notes);
    }

    static Decided of(FittedDecision fitted, Task task) {
      Decision decision = fitted.decision();
      return new Decided(
          decision.calibration().text(),
          task == Task.BINARY ? decision.threshold() : null,
          fitted.notes());
    }
  }

  /**
   * The rows that share a value of a slice column.
   *
   * @param value the value's text; null for the rows in which it is missing
   * @param small whether there are fewer than 30 rows, too few to build on
   * @param scores the network's metrics on them
   * @param intervals by metric
   */
  public record Slice(
      @Nullable String value, boolean small, Scores scores, Map<String, Interval> intervals) {
    public Slice {
      intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
    }
  }

  /**
   * Percentile intervals by metric; one that too few resamples define is left out, and of fewer
   * than two rows all are.
   *
   * @param confidence the share of intervals that should hold the true value
   * @param resamples how many there were
   * @param test of the network
   * @param baselines of each baseline
   * @param differences of the network less each baseline, both on the same resamples
   * @param best by metric, the model that is better than each other one by more than the interval
   *     of their difference; metrics without such a model are left out
   */
  public record Intervals(
      double confidence,
      int resamples,
      Map<String, Interval> test,
      Map<String, Map<String, Interval>> baselines,
      Map<String, Map<String, Interval>> differences,
      @Nullable Map<String, String> best) {
    public Intervals {
      test = Collections.unmodifiableMap(new LinkedHashMap<>(test));
      baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
      differences = Collections.unmodifiableMap(new LinkedHashMap<>(differences));
      best = best == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(best));
    }

    /** By metric, the model that is better than each other one; empty where that is not known. */
    @Override
    public Map<String, String> best() {
      return best == null ? Map.of() : best;
    }
  }

  /**
   * One row a metric, for queries over many runs: {@code part STRING, model STRING, slice STRING,
   * rows BIGINT, metric STRING, value DOUBLE, low DOUBLE, high DOUBLE, note STRING}. The slice is
   * {@code column=value} and null for all rows of the part; a missing value shows as {@code column
   * is null}.
   *
   * @param prefix what the names of metrics begin with
   */
  Dataset<Row> metricsTable(SparkSession session, String prefix) {
    Rows table = new Rows(prefix, new ArrayList<>());
    table.add("test", NETWORK, null, test, intervals.test());
    if (validation != null) {
      table.add("validation", NETWORK, null, validation, Map.of());
    }
    baselines.forEach(
        (name, scores) ->
            table.add(
                "test", name, null, scores, intervals.baselines().getOrDefault(name, Map.of())));
    slices.forEach(
        (column, values) -> {
          for (Slice slice : values) {
            String text =
                slice.value() == null ? column + " is null" : column + "=" + slice.value();
            table.add("test", NETWORK, text, slice.scores(), slice.intervals());
          }
        });
    return session.createDataFrame(table.rows(), TABLE);
  }

  private record Rows(String prefix, List<Row> rows) {
    void add(
        String part,
        String model,
        @Nullable String slice,
        Scores scores,
        Map<String, Interval> intervals) {
      scores
          .values()
          .forEach(
              (metric, value) -> {
                Interval interval = value == null ? null : intervals.get(metric);
                String note = scores.notes().get(metric);
                rows.add(
                    RowFactory.create(
                        part,
                        model,
                        slice,
                        scores.rows(),
                        prefix + metric,
                        value,
                        interval == null ? null : interval.low(),
                        interval == null ? null : interval.high(),
                        note == null ? scores.notes().get("rows") : note));
              });
    }
  }
}
