package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleLabel;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.decision.Decision;
import sluice.evaluation.metric.Label;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.PredictionRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.NumberLabel;
import sluice.run.Stage;
import sluice.split.Part;

/** What the network of a bundle says of the run's features. */
final class PartPredictions {
  private static final String TRUTH = "_truth";
  private static final String OUTPUT = "_output";

  private PartPredictions() {}

  /**
   * Predictions of a part, neither calibrated nor with a threshold.
   *
   * @param slices columns of the cleaned rows to tell results apart by
   */
  static Predictions of(JobContext context, ModelBundle bundle, Part part, List<String> slices) {
    Label label = BundleLabel.of(bundle);
    Dataset<Row> rows =
        unscaled(
            context.read(Stage.FEATURES).filter(col(FeatureColumns.PART).equalTo(part.text())),
            bundle);
    // A raw column's name never begins with an underscore: slices keep theirs beside ours.
    Dataset<Row> scored =
        BatchScorer.score(rows, bundle.decided(Decision.NONE))
            .withColumnRenamed(FeatureColumns.KEY, DatasetContract.KEY)
            .withColumnRenamed(FeatureColumns.LABEL, TRUTH)
            .withColumn(OUTPUT, BatchScorer.output(label))
            .drop(
                FeatureColumns.PART,
                BatchScorer.PREDICTION,
                BatchScorer.PROBABILITIES,
                BatchScorer.DECISION);
    if (!slices.isEmpty()) {
      List<Column> columns = new ArrayList<>();
      columns.add(col(DatasetContract.KEY));
      slices.forEach(slice -> columns.add(Columns.named(slice)));
      scored =
          scored.join(
              context.read(Stage.SPLIT).select(columns.toArray(Column[]::new)),
              DatasetContract.KEY);
    }
    return PredictionRows.of(
        label, scored, new PredictionRows.Shape(DatasetContract.KEY, TRUTH, col(OUTPUT), slices));
  }

  /** A number label on the scale that it was read with, as predictions are. */
  static Dataset<Row> unscaled(Dataset<Row> features, ModelBundle bundle) {
    return bundle.preprocessing().label() instanceof NumberLabel number
        ? features.withColumn(
            FeatureColumns.LABEL,
            col(FeatureColumns.LABEL)
                .cast("double")
                .multiply(lit(number.std()))
                .plus(lit(number.mean())))
        : features;
  }
}
