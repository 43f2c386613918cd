package sluice.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sluice.evaluation.baselines.Baselines;
import sluice.evaluation.metric.Details;
import sluice.evaluation.metric.IntList;
import sluice.evaluation.metric.Interval;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Measures;
import sluice.evaluation.metric.Metric;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.metric.RowError;
import sluice.evaluation.metric.Scores;
import sluice.evaluation.metric.SliceColumn;
import sluice.evaluation.predictions.ModelPredictions;

/**
 * The judgement of a network's predictions of one label.
 *
 * @param report what metrics.json says of the label
 * @param test what the page shows of the network on the test part
 * @param validation the same on the validation part; null if there is none
 * @param uncalibrated the same on the test part before calibration; null if nothing was calibrated
 * @param baselines the same of each baseline on the test part, by type
 * @param worst the rows of the test part that the network predicts worst
 */
public record Evaluation(
    MetricsReport report,
    Details test,
    @Nullable Details validation,
    @Nullable Details uncalibrated,
    Map<String, Details> baselines,
    List<RowError> worst) {
  /** The values of a slice column that are told apart, the most frequent. */
  public static final int MOST_SLICES = 50;

  /** A slice with fewer rows is too small to build on. */
  public static final int SMALL_SLICE = 30;

  /**
   * Judges a network beside baselines.
   *
   * @param label what is predicted
   * @param network its predictions, with the slice columns of the settings
   * @param baselines each baseline's predictions, by type, in the order in which they are shown
   * @param ledger rows by fate
   * @param seed of the resampling
   * @throws IllegalArgumentException if a baseline is not about the test part's rows, or a slice
   *     column is missing
   */
  public static Evaluation of(
      Label label,
      ModelPredictions network,
      Map<String, ModelPredictions> baselines,
      EvaluateSettings settings,
      Map<String, Long> ledger,
      MeasuredOn measuredOn,
      long seed) {
    baselines.forEach(
        (name, baseline) -> {
          if (!network.test().sameRows(baseline.test())) {
            throw new IllegalArgumentException(name + " is not about the rows of the network");
          }
        });
    Judge judge = new Judge(label, settings, measuredOn, seed);
    Map<String, Judged> models = new LinkedHashMap<>();
    models.put(MetricsReport.NETWORK, judge.judge(network.test()));
    baselines.forEach((name, baseline) -> models.put(name, judge.judge(baseline.test())));
    Judged judgedNetwork = Objects.requireNonNull(models.get(MetricsReport.NETWORK));
    Map<String, Scores> baselineScores = new LinkedHashMap<>();
    Map<String, Map<String, Interval>> baselineIntervals = new LinkedHashMap<>();
    Map<String, Map<String, Interval>> differences = new LinkedHashMap<>();
    Map<String, Details> baselineDetails = new LinkedHashMap<>();
    Map<String, MetricsReport.Decided> decisions = new LinkedHashMap<>();
    if (label.task().isOfClasses()) {
      decisions.put(
          MetricsReport.NETWORK, MetricsReport.Decided.of(network.decided(), label.task()));
    }
    baselines.forEach(
        (name, baseline) -> {
          Judged judged = Objects.requireNonNull(models.get(name));
          baselineScores.put(name, judged.scores());
          baselineIntervals.put(name, judged.resamples().intervals(settings.confidence()));
          differences.put(
              name,
              judgedNetwork.resamples().differences(judged.resamples(), settings.confidence()));
          baselineDetails.put(name, baseline.test().details(label));
          if (label.task().isOfClasses()) {
            decisions.put(name, MetricsReport.Decided.of(baseline.decided(), label.task()));
          }
        });
    Map<String, List<MetricsReport.Slice>> slices = new LinkedHashMap<>();
    for (SliceSettings slice : settings.slices()) {
      slices.put(slice.name(), judge.slices(network.test(), slice));
    }
    MetricsReport report =
        new MetricsReport(
            label.task(),
            label,
            judgedNetwork.scores(),
            network.validation() == null ? null : judge.scores(network.validation()),
            decisions,
            baselineScores,
            slices,
            new MetricsReport.Intervals(
                settings.confidence(),
                settings.resamples(),
                judgedNetwork.resamples().intervals(settings.confidence()),
                baselineIntervals,
                differences,
                best(models, label, settings.confidence())),
            ledger,
            measuredOn == MeasuredOn.TRAINING_ROWS);
    return new Evaluation(
        report,
        network.test().details(label),
        network.validation() == null ? null : network.validation().details(label),
        network.uncalibrated() == null ? null : network.uncalibrated().details(label),
        baselineDetails,
        network.test().worst(label, settings.errors()));
  }

  /**
   * By metric, the model that is better than each other one by more than the interval of their
   * difference. Some metrics do not judge constants.
   */
  private static Map<String, String> best(
      Map<String, Judged> models, Label label, double confidence) {
    Map<String, String> best = new LinkedHashMap<>();
    for (Metric<?> metric : Metrics.of(label)) {
      List<String> taking =
          models.keySet().stream()
              .filter(name -> metric.judgesConstants() || !Baselines.isConstant(name))
              .toList();
      taking.stream()
          .filter(name -> taking.size() > 1)
          .filter(
              name ->
                  taking.stream()
                      .filter(other -> !other.equals(name))
                      .allMatch(other -> isBetter(models, name, other, metric, confidence)))
          .findFirst()
          .ifPresent(name -> best.put(metric.name(), name));
    }
    return best;
  }

  private static boolean isBetter(
      Map<String, Judged> models, String name, String other, Metric<?> metric, double confidence) {
    Resamples own = Objects.requireNonNull(models.get(name)).resamples();
    Resamples others = Objects.requireNonNull(models.get(other)).resamples();
    return own.difference(others, metric.name(), confidence)
        .filter(difference -> PairedComparison.of(difference, metric) == PairedComparison.BETTER)
        .isPresent();
  }

  private record Judged(Scores scores, Resamples resamples) {}

  private record Judge(Label label, EvaluateSettings settings, MeasuredOn measuredOn, long seed) {

    Judged judge(Predictions predictions) {
      Measures<?> measures = predictions.measures(label);
      return new Judged(
          noted(measures.scores()),
          Resamples.of(predictions, measures, settings.resamples(), seed));
    }

    Scores scores(Predictions predictions) {
      return noted(predictions.measures(label).scores());
    }

    private Scores noted(Scores scores) {
      return measuredOn == MeasuredOn.TRAINING_ROWS
          ? scores.withRowsNote(MeasuredOn.TRAINING_ROWS_NOTE)
          : scores;
    }

    /** The most frequent values, equally frequent ones by text; lengths from the shortest on. */
    List<MetricsReport.Slice> slices(Predictions predictions, SliceSettings by) {
      SliceColumn slices =
          predictions.slices().stream()
              .filter(slice -> slice.name().equals(by.name()))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no slice column " + by.name()));
      // Missing values stand behind the last code.
      List<String> values = slices.values();
      IntList[] rows =
          IntStream.rangeClosed(0, values.size())
              .mapToObj(code -> new IntList())
              .toArray(IntList[]::new);
      for (int row = 0; row < predictions.rows(); row++) {
        int code = slices.code(row);
        rows[code == SliceColumn.MISSING ? values.size() : code].add(row);
      }
      List<Integer> codes =
          IntStream.range(0, rows.length)
              .filter(code -> rows[code].size() > 0)
              .boxed()
              .sorted(
                  Comparator.comparingInt(
                      code -> by.by() == SliceSettings.By.LENGTH ? code : -rows[code].size()))
              .limit(MOST_SLICES)
              .toList();
      List<MetricsReport.Slice> judgedSlices = new ArrayList<>();
      for (int code : codes) {
        Judged judged = judge(predictions.select(rows[code].toArray()));
        judgedSlices.add(
            new MetricsReport.Slice(
                code == values.size() ? null : values.get(code),
                rows[code].size() < SMALL_SLICE,
                judged.scores(),
                judged.resamples().intervals(settings.confidence())));
      }
      return judgedSlices;
    }
  }
}
