package sluice.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import sluice.bundle.BatchScorer;
import sluice.bundle.BundleTarget;
import sluice.bundle.ModelBundle;
import sluice.data.Columns;
import sluice.data.DatasetContract;
import sluice.evaluation.metric.Predictions;
import sluice.evaluation.predictions.PredictionRows;
import sluice.jobs.JobContext;
import sluice.normalise.FeatureColumns;
import sluice.normalise.NumberLabel;
import sluice.run.Stage;
import sluice.split.Part;
import sluice.training.examples.LabelColumns;

/** What the network of a bundle says of the run's features. */
final class PartPredictions {
  private static final String TRUTH = "_truth";
  private static final String OUTPUT = "_output";

  private PartPredictions() {}

  /**
   * Predictions of a label for the rows of a part that have it, neither calibrated nor with a
   * threshold.
   *
   * @param slices columns of the cleaned rows to tell results apart by
   */
  static Predictions of(JobContext context, BundleTarget target, Part part, List<String> slices) {
    Dataset<Row> rows =
        labelled(
            context.read(Stage.FEATURES).filter(col(FeatureColumns.PART).equalTo(part.text())),
            target);
    ModelBundle bundle = target.bundle().undecided();
    List<String> said = new ArrayList<>(BatchScorer.columns(bundle));
    said.add(FeatureColumns.PART);
    // A raw column's name never begins with an underscore: slices keep theirs beside ours.
    Dataset<Row> scored =
        BatchScorer.score(rows, bundle)
            .withColumnRenamed(FeatureColumns.KEY, DatasetContract.KEY)
            .withColumnRenamed(FeatureColumns.LABEL, TRUTH)
            .withColumn(OUTPUT, BatchScorer.output(target))
            .drop(said.toArray(String[]::new));
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
        target.label(),
        scored,
        new PredictionRows.Shape(DatasetContract.KEY, TRUTH, col(OUTPUT), slices));
  }

  /** The column of a label in a feature table. */
  static Column label(BundleTarget target) {
    return LabelColumns.of(target.bundle().definition().targets()).get(target.index());
  }

  /**
   * The feature rows that have a label, with it alone as their label, a number on the scale that it
   * was read with, as predictions are.
   */
  static Dataset<Row> labelled(Dataset<Row> features, BundleTarget target) {
    Column label = label(target);
    Column read =
        target.fitted() instanceof NumberLabel number
            ? label.cast("double").multiply(lit(number.std())).plus(lit(number.mean()))
            : label;
    return (target.isOnly() ? features : features.filter(label.isNotNull()))
        .withColumn(FeatureColumns.LABEL, read);
  }
}
