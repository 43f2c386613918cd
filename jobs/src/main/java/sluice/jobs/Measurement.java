package sluice.jobs;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleLabel;
import sluice.bundle.ModelBundle;
import sluice.clean.Cleaning;
import sluice.config.PipelineConfig;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.data.InvalidInput;
import sluice.decision.FittedDecision;
import sluice.evaluation.Evaluation;
import sluice.evaluation.HeadlineTable;
import sluice.evaluation.Label;
import sluice.evaluation.MeasuredOn;
import sluice.evaluation.MetricsReport;
import sluice.evaluation.ModelPredictions;
import sluice.evaluation.PredictionRows;
import sluice.evaluation.Predictions;
import sluice.evaluation.Task;
import sluice.normalise.FeatureTable;
import sluice.normalise.FittedLabel;
import sluice.normalise.NumberLabel;

/**
 * Measures predictions against the label that new rows have, with the metrics of {@code evaluate}.
 *
 * @param cleaning the rules that make the label of a row as it is read
 * @param bundle whose predictions they are
 */
record Measurement(Cleaning cleaning, ModelBundle bundle) {
  private static final String TRUTH = "_truth";

  /**
   * The measurement of a bundle's predictions.
   *
   * @param config has the rules that make the label, which a bundle does not have
   * @throws InvalidInput (configuration) if they make no such label
   */
  static Measurement of(PipelineConfig config, ModelBundle bundle) {
    Cleaning cleaning =
        new Cleaning(config.ingest().rowContract(), config.clean().rules()).scoring();
    String label = BundleLabel.of(bundle).column();
    if (!cleaning.outputContract().has(label)) {
      throw InvalidInput.configuration(
          "predict.measure needs the label of bundle %s, and clean gives: %s"
              .formatted(bundle.id(), cleaning.outputContract().unknown(label)));
    }
    return new Measurement(cleaning.narrowedTo(List.of(label)), bundle);
  }

  /** The columns of the input that the label is made of, and those that its rules look at. */
  DatasetContract columns() {
    return cleaning.input();
  }

  /**
   * The metrics, of all scored rows that have a label which the bundle knows.
   *
   * @throws InvalidInput (data) if there is none
   */
  MetricsReport report(JobContext context, Scoring scoring, Dataset<Row> scored) {
    Label label = BundleLabel.of(bundle);
    Dataset<Row> truth =
        cleaning
            .apply(scoring.rows())
            .accepted()
            .select(col(DatasetContract.KEY), truth(label.column()).as(TRUTH))
            .filter(col(TRUTH).isNotNull());
    Dataset<Row> known =
        scored
            .withColumnRenamed(FeatureTable.KEY, DatasetContract.KEY)
            .join(truth, DatasetContract.KEY);
    Predictions predictions =
        label.task() == Task.REGRESSION
            ? PredictionRows.numbers(
                known, DatasetContract.KEY, TRUTH, BatchScorer.PREDICTION, List.of())
            : PredictionRows.classes(
                known,
                DatasetContract.KEY,
                TRUTH,
                BatchScorer.PROBABILITIES,
                List.of(),
                label.classes().size());
    if (predictions.rows() == 0) {
      throw InvalidInput.data(
          "predict.measure: no row that was scored has a label %s that the bundle knows"
              .formatted(label.column()));
    }
    return Evaluation.of(
            label,
            ModelPredictions.ofCalibrated(
                predictions,
                new FittedDecision(bundle.decision(), List.of()),
                bundle.positiveIndex()),
            Map.of(),
            context.config().evaluate().metricsAlone(),
            Map.of(PredictStage.SCORED, scored.count()),
            MeasuredOn.HELD_OUT_ROWS,
            context.config().pipeline().seed())
        .report();
  }

  /** The label's class, or its number on the scale that predictions have; null if it has none. */
  private Column truth(String column) {
    FittedLabel label = bundle.preprocessing().label();
    UDF1<@Nullable Object, @Nullable Double> truth =
        raw -> {
          Object value = label.value(raw);
          if (!(value instanceof Number number)) {
            return null;
          }
          return label instanceof NumberLabel scaled
              ? scaled.unscaled(number.doubleValue())
              : number.doubleValue();
        };
    return functions.udf(truth, DataTypes.DoubleType).apply(Columns.named(column));
  }

  /** The metrics for a screen. */
  static List<String> lines(MetricsReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "measured on the %,d of %,d scored rows that have a label",
            report.test().rows(),
            report.rows().get(PredictStage.SCORED)));
    HeadlineTable.of(report).lines().forEach(lines::add);
    return lines;
  }
}
